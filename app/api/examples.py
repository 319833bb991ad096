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
FORKS = {
    "more tests": {
        "summary": "the same question with longer tests",
        "value": {"settings": {"test_seconds": 60, "seed": 8}},
    },
    "revised": {
        "summary": "a narrower question from one more perspective",
        "value": {
            "question": "Why does the resistivity of optimally doped cuprates grow linearly below 300 K?",
            "settings": {"perspectives": 2},
        },
    },
}
NOTES = {
    "name": {"summary": "a name", "value": {"kind": "name", "text": "strange metals, second try"}},
    "note": {"summary": "a note", "value": {"text": "p02 deserves a beam time"}},
}
