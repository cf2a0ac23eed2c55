"""Boards, floor plans, pictures and screens, for the OpenAPI document; docs/boards.md says what each field means.

Documents are judged by `ccwall.boards`, which names every mistake by its path; here is what of that a schema can say.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue, SkipJsonSchema
from pydantic_core import CoreSchema

from ccwall_web.schema.words import Count, Instant, Language, Model, Text

DocumentId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Note = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=2000)]
Names = dict[Language, Words]
Says = Literal["off", "tone", "speak", "both"]
Time = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
VersionNumber = Annotated[int, Field(ge=0, le=2**53)]


class Tile(Model):
    """In cells from the upper left corner; no two of a page overlap, and none goes over the edge."""

    id: DocumentId
    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    x: Annotated[int, Field(ge=0, le=15)]
    y: Annotated[int, Field(ge=0, le=23)]
    w: Annotated[int, Field(ge=1, le=16)]
    h: Annotated[int, Field(ge=1, le=24)]
    options: dict[Text, Any] = Field({}, description="of its kind; at most 8 KiB")


class BoardPage(Model):
    name: Names | SkipJsonSchema[None] = None
    dwell: Annotated[float, Field(ge=3, le=3600, description="seconds")]
    tiles: Annotated[list[Tile], Field(max_length=40)]


class Rotation(Model):
    stop_on: Literal["breach", "source", "never"]


class Sound(Model):
    breach: Says
    warn: Says
    source: Says
    volume: Annotated[float, Field(ge=0, le=1)]
    quiet: list[tuple[Time, Time]] = Field([], max_length=8)


class BoardDocument(Model):
    """A board's file, at most 128 KiB."""

    format: Literal[1]
    id: DocumentId
    name: Annotated[Names, Field(min_length=1)]
    theme: Literal["dark", "light", "hc"]
    accent: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] | SkipJsonSchema[None] = None
    logo: DocumentId | SkipJsonSchema[None] = None
    lang: Language | SkipJsonSchema[None] = None
    distance: Annotated[float, Field(ge=0.3, le=50, description="metres to the farthest reader")]
    diagonal: Annotated[float, Field(ge=4, le=500, description="inches across")]
    pages: Annotated[list[BoardPage], Field(min_length=1, max_length=12)]
    rotation: Rotation | SkipJsonSchema[None] = None
    sound: Sound | SkipJsonSchema[None] = None


class PlanDocument(Model):
    """A floor plan's file: a text grid, or an SVG."""

    format: Literal[1]
    id: DocumentId
    name: Annotated[Names, Field(min_length=1)]
    text: str


class BoardEntry(Model):
    """`version` counts from 1; of a preset that nobody changed it is 0."""

    id: DocumentId
    name: Names
    version: VersionNumber
    preset: bool
    changed_at: Instant | SkipJsonSchema[None] = None
    changed_by: Text | SkipJsonSchema[None] = None


class PlanEntry(Model):
    id: DocumentId
    name: Names
    seats: Count
    version: VersionNumber
    preset: bool
    changed_at: Instant | SkipJsonSchema[None] = None
    changed_by: Text | SkipJsonSchema[None] = None


class PictureEntry(Model):
    id: DocumentId
    type: Literal["image/png", "image/jpeg", "image/webp"]
    width: Count
    height: Count
    bytes: Count
    version: VersionNumber
    changed_at: Instant
    changed_by: Text


class Listed(Model):
    kept: bool = Field(description="false: they are in memory only, and gone with the next restart")
    may_edit: bool = Field(description="whether who asks may change them")


class BoardList(Listed):
    boards: list[BoardEntry]
    default: DocumentId
    embed: list[Text]


class PlanList(Listed):
    plans: list[PlanEntry]


class PictureList(Listed):
    pictures: list[PictureEntry]


class BoardAnswer(Model):
    entry: BoardEntry
    board: BoardDocument


class PlanAnswer(Model):
    entry: PlanEntry
    plan: PlanDocument
    parsed: dict[str, Any] = Field(
        description="seats, walls, zones and the rest, in plan units: docs/seats.md"
    )


class PlanLook(Model):
    text: str


class PlanLooked(Model):
    parsed: dict[str, Any]


class PictureAnswer(Model):
    entry: PictureEntry


class DocumentVersion(Model):
    version: VersionNumber
    at: Instant
    by: Text
    note: Text
    deleted: bool = Field(False, description="it was taken away then")


class DocumentVersions(Model):
    versions: list[DocumentVersion]


class BoardVersion(Model):
    version: DocumentVersion
    board: BoardDocument


class PlanVersion(Model):
    version: DocumentVersion
    plan: PlanDocument


class Described:
    """What is sent is read as it is, so that a mistake is told with its path, and a newer format as what it is; it is described
    as this model."""

    def __init__(self, model: type[Model]) -> None:
        self._model = model

    def __get_pydantic_json_schema__(
        self, _told: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(self._model.__pydantic_core_schema__)


Board = Annotated[dict[str, Any], Described(BoardDocument)]
Plan = Annotated[dict[str, Any], Described(PlanDocument)]


class BoardNew(Model):
    board: Board
    note: Note = ""


class BoardSave(BoardNew):
    base: VersionNumber = Field(description="the version it was made from; 0 of a preset")


class PlanNew(Model):
    plan: Plan
    note: Note = ""


class PlanSave(PlanNew):
    base: VersionNumber = Field(description="the version it was made from")


Milliseconds = Annotated[float, Field(ge=0, le=86_400_000, allow_inf_nan=False)]
Number = Annotated[int, Field(ge=0, le=2**53)]


class ScreenReport(Model):
    """What a screen says of itself; what it does not know it leaves out."""

    screen: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$"),
        Field(description="made by chance, kept by the browser"),
    ]
    board: DocumentId | SkipJsonSchema[None] = None
    page: Annotated[int, Field(ge=0, le=63)] | SkipJsonSchema[None] = None
    version: Annotated[str, Field(max_length=40)] | SkipJsonSchema[None] = Field(
        None, description="of ccwall, that the page came with"
    )
    heap: Number | SkipJsonSchema[None] = Field(None, description="bytes in use")
    nodes: Number | SkipJsonSchema[None] = Field(None, description="of the document")
    frame_p95: Milliseconds | SkipJsonSchema[None] = None
    paint_p50: Milliseconds | SkipJsonSchema[None] = Field(None, description="from a message to its picture")
    paint_p95: Milliseconds | SkipJsonSchema[None] = None
    dropped: Number | SkipJsonSchema[None] = Field(None, description="frames since it was loaded")
    errors: Number | SkipJsonSchema[None] = Field(None, description="scripts' errors since it was loaded")
    up: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | SkipJsonSchema[None] = Field(
        None, description="seconds since it was loaded"
    )
    width: Annotated[int, Field(ge=0, le=100_000)] | SkipJsonSchema[None] = None
    height: Annotated[int, Field(ge=0, le=100_000)] | SkipJsonSchema[None] = None
    lang: Language | SkipJsonSchema[None] = None
    theme: Literal["dark", "light", "hc"] | SkipJsonSchema[None] = None


class SeenScreen(ScreenReport):
    """Its last report; `at` in real time, `client` where it came from."""

    at: float
    who: Text
    client: Text


class Screens(Model):
    screens: list[SeenScreen]
