"""One question, one answer, for the command line and for trying things out."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from bot.messages import Incoming
from bot.runtime import Runtime
from bot.wire import outgoing_body
from retrieval.decision import ScoredTopic


def answer_once(runtime: Runtime, question: str) -> dict[str, Any]:
    """The bot's messages to a first-time visitor, with the decision that led to them."""
    incoming = Incoming("ask", secrets.token_hex(8), "1", datetime.now(UTC), text=question)
    messages = runtime.conversations.converse(incoming)
    heard = runtime.answerer.hear(question)
    decision = heard.decision
    return {
        "question": heard.understanding.masked,
        "understood": heard.understanding.restored,
        "intent": heard.understanding.intent.value,
        "aspect": heard.understanding.aspect,
        "urgency": heard.understanding.urgency.value if heard.understanding.urgency else None,
        "decision": decision.kind.value if decision else "chat",
        "confidence": round(decision.confidence, 4) if decision else None,
        "topics": [_topic(topic) for topic in decision.topics[:5]] if decision else [],
        "messages": [{name: outgoing_body(message)[name] for name in ("text", "buttons", "media")} for message in messages],
    }


def _topic(topic: ScoredTopic) -> dict[str, Any]:
    return {"id": topic.topic_id, "score": round(topic.score, 4), "covered": topic.covered}
