"""Alerts: what is watched, when somebody must look, and who is told when.

`rule` and `writing` say what is watched, `metrics` where each number is on the board, `watch` what a look finds, `hints`
what is behind it, `ladder` who is told. All of these are pure; `alarms` is the job that looks and tells.
"""
