"""How much each piece of evidence of flows/groups.py counts; written by `python -m tools.train_groups`, not by hand."""

WEIGHTS = {
    "advert": -1.71,
    "asks": -0.63,
    "called": -0.44,
    "complaint": 0.09,
    "danger": 2.26,
    "elsewhere": -2.37,
    "local": 0.94,
    "mine": -0.18,
    "notice": -1.19,
    "past": -0.44,
    "place": 1.17,
    "place and trouble": 0.21,
    "plan": 0.24,
    "play": -1.47,
    "reacts": 0.11,
    "short": -1.15,
    "solved": -1.64,
    "trouble": 0.77,
}
BIAS = -2.40
