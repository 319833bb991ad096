"""What requests look like, in the OpenAPI document. The tests send each of them."""

QUESTIONS = {
    "question": {
        "summary": "a question",
        "value": {
            "question": "Why does the resistivity of strange metals grow linearly with temperature?",
            "settings": {"perspectives": 2, "seed": 7},
        },
    },
    "pinned": {
        "summary": "with a part of its plan fixed",
        "value": {
            "question": "How could spin waves carry information without heating a film?",
            "pins": {"roles": ["Experimental Physicist"], "frameworks": ["Spintronics"]},
        },
    },
}
MARKS = {
    "mark": {"summary": "a mark", "value": {"hypothesis": "p01", "mark": 4, "note": "worth a beam time"}}
}
TEXTS = {"text": {"summary": "a text", "value": {"text": "spin waves in thin magnetic films"}}}
