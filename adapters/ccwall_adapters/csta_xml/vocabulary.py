"""What a switch is known to say in CSTA III (ECMA-269, ECMA-323, ECMA-354): a name that is not here is news."""

from .asking import KINDS as ASKED
from .floor import EVENTS

_OTHER_EVENTS = """
AgentInformationEvent AutoAnswerEvent AutoWorkModeEvent ButtonInformationEvent ButtonPressEvent CallBackEvent
CallBackMessageEvent CallerIDStatusEvent DataCollectedEvent DeviceCapsChangedEvent DialledEvent DigitsDialledEvent
DigitsGeneratedEvent DisplayUpdatedEvent DoNotDisturbEvent ForwardingEvent HookswitchEvent LampModeEvent MessageWaitingEvent
MicrophoneGainEvent MicrophoneMuteEvent NetworkCapabilitiesChangedEvent PlayEvent PresenceStateEvent
RecordEvent RemotelyControlledEvent RingerStatusEvent RoutingModeEvent ServiceCompletionFailureEvent SpeakerMuteEvent
SpeakerVolumeEvent StopEvent SuspendPlayEvent TelephonyTonesGeneratedEvent VoiceAttributeChangeEvent PrivateEvent
"""

KINDS = frozenset(
    {
        *EVENTS,
        *_OTHER_EVENTS.split(),
        *(name + "Response" for name in ASKED),
        "StartApplicationSessionPosResponse",
        "StartApplicationSessionNegResponse",
        "ResetApplicationSessionTimerPosResponse",
        "ResetApplicationSessionTimerNegResponse",
        "StopApplicationSessionPosResponse",
        "StopApplicationSessionNegResponse",
        "ApplicationSessionTerminated",
        "CSTAErrorCode",
        "SystemStatus",
        "RequestSystemStatus",
        "SwitchingFunctionCapsChanged",
        "SwitchingFunctionDevices",
        "MonitorStop",
        "SystemRegisterResponse",
    }
)
"""By element name; `PrivateEvent` as some vendors send it."""
