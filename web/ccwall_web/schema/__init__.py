"""The answers of the REST interface, for the OpenAPI document; web/README.md says what each field means.

Answers are encoded by msgspec from the board itself, not through these models; a test holds the two together.
"""
