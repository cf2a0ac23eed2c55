"""The words of all answers: numbers, instants, names, and what a model is."""

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]
Instant = Annotated[float, Field(description="epoch seconds, UTC, of the floor's clock")]
Fraction = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(ge=0, description="above 1 where more of one stretch of time ended in another")]
Text = Annotated[str, Field(max_length=4096)]
Language = Literal["zh-CN", "zh-TW", "en"]
Names = dict[Language, Text]
Value = TypeVar("Value")
Points = list[tuple[Annotated[int, Field(ge=0, lt=24)], Value]]
Stretch = Annotated[tuple[float, float], Field(description="[from, to], or [from, 0] while it lasts")]

AgentState = Literal[
    "ready",
    "ringing",
    "talking",
    "hold",
    "wrap",
    "break",
    "meal",
    "breather",
    "away",
    "training",
    "busy",
    "off",
    "fault",
    "unknown",
]


class Model(BaseModel):
    """No key but those named here; nothing is null: what has no value is absent."""

    model_config = ConfigDict(extra="forbid")
