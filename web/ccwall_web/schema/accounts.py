"""Requests and answers about accounts, sessions and display links, for the OpenAPI document."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from ccwall_web.schema.words import Instant, Model, Text

Role = Literal["manager", "operations", "supervisor", "lead", "quality", "complaints", "agent"]
Language = Literal["", "zh-CN", "zh-TW", "en"]
LogIn = Annotated[str, Field(min_length=1, max_length=64, description="how the account is called")]
Password = Annotated[str, Field(min_length=1, max_length=256, json_schema_extra={"format": "password"})]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
ScopeId = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Scope = Annotated[list[ScopeId], Field(max_length=200)]
AllOr = Annotated[Scope | None, Field(description="null: all of them")]
BoardId = Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9_-]*$")]


class WithToken(Model):
    """A token from the configuration, of a display link, or the code for the first account."""

    token: Annotated[str, Field(min_length=1, max_length=512)]


class WithPassword(Model):
    account: LogIn
    password: Password


class AsPersona(Model):
    """Somebody of the demo, on its own machine."""

    persona: LogIn


SignIn = WithToken | WithPassword | AsPersona


class Persona(Model):
    id: Text
    name: Text
    role: Role


class Door(Model):
    """What a page needs to know before somebody is signed in."""

    accounts: bool = Field(description="whether accounts can be signed in to")
    first: bool = Field(description="whether there is no account yet, and the first one is to be made")
    problem: bool = Field(description="whether the accounts cannot be read, or were damaged and begun anew")
    personas: list[Persona] = Field(default_factory=list)


class May(Model):
    """What this person may do beside looking."""

    command: bool
    edit: bool
    accounts: bool
    reset: bool
    links: bool
    contacts: bool
    callers: bool
    staff: bool


class Me(Model):
    """Who is signed in; the session itself is in the cookie. `teams` and `queues` are absent where all are in sight."""

    id: Text
    role: Text
    name: Text = ""
    teams: list[Text] | SkipJsonSchema[None] = None
    queues: list[Text] | SkipJsonSchema[None] = None
    agent: Text | SkipJsonSchema[None] = None
    language: Language = ""
    account: bool = Field(description="whether it is an account: one with a password that can be changed")
    must_change: bool = False
    expires: Instant | SkipJsonSchema[None] = None
    may: May


class PasswordChange(Model):
    old: Password
    new: Password


class NewAccount(Model):
    """Without a password it gets a one-time one, which the answer has."""

    id: LogIn
    name: Name
    role: Role
    teams: AllOr = None
    queues: AllOr = None
    agent: ScopeId | None = None
    language: Language = ""
    password: Password | None = None


class AccountChange(Model):
    """What is not said stays as it is."""

    name: Name | SkipJsonSchema[None] = None
    role: Role | SkipJsonSchema[None] = None
    teams: AllOr = None
    queues: AllOr = None
    agent: ScopeId | None = None
    language: Language | SkipJsonSchema[None] = None
    disabled: bool | SkipJsonSchema[None] = None


class AccountSession(Model):
    created: Instant
    used: Instant
    expires: Instant
    client: Text
    browser: Text
    current: bool = Field(description="whether it is the one that asks")


class Account(Model):
    id: Text
    name: Text
    role: Role
    teams: list[Text] | SkipJsonSchema[None] = None
    queues: list[Text] | SkipJsonSchema[None] = None
    agent: Text | SkipJsonSchema[None] = None
    language: Language = ""
    disabled: bool
    must_change: bool
    created: Instant
    changed: Instant
    signed_in: Instant | SkipJsonSchema[None] = None
    sessions: list[AccountSession] = Field(default_factory=list)
    may: list[Literal["change", "reset"]] = Field(description="what the asker may do about it")


class Accounts(Model):
    accounts: list[Account]
    roles: list[Role] = Field(description="those that the asker may give")
    kept: bool
    problem: Text = ""


class AccountMade(Model):
    """`password`: the one-time one, told here and never again."""

    account: Account
    password: Text | SkipJsonSchema[None] = None


class NewLink(Model):
    name: Name
    board: BoardId = ""
    teams: AllOr = None
    queues: AllOr = None


class Link(Model):
    id: Text
    name: Text
    board: Text
    teams: list[Text] | SkipJsonSchema[None] = None
    queues: list[Text] | SkipJsonSchema[None] = None
    by: Text
    created: Instant
    used: Instant | SkipJsonSchema[None] = None
    revoked: Instant | SkipJsonSchema[None] = None
    screens: int = Field(ge=0, description="sessions of it")


class Links(Model):
    links: list[Link]


class LinkMade(Model):
    """`token`: for the link's fragment, told here and never again."""

    link: Link
    token: Text
