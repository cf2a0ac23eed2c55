"""Far ends of alerts: group robots and a webhook that behave as their vendors document, on loopback, and a practice phone
that shows what would have been delivered.
"""

from .dingtalk import DingTalkRobot
from .feishu import FeishuRobot
from .http import Request, Response
from .phone import Message, Phone
from .server import Fault, Robot, Robots
from .webhook import WebhookEnd
from .wecom import WeComRobot

__all__ = [
    "DingTalkRobot",
    "Fault",
    "FeishuRobot",
    "Message",
    "Phone",
    "Request",
    "Response",
    "Robot",
    "Robots",
    "WeComRobot",
    "WebhookEnd",
]
