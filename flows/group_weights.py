"""What each piece of flows/group_evidence.py counts; written by `python -m tools.train_groups`."""

WEIGHTS = {
    "advert": -1.50,
    "asks": -0.21,
    "called": -0.29,
    "complaint": 0.21,
    "danger": 0.62,
    "elsewhere": -1.53,
    "local": 0.89,
    "mine": -0.22,
    "notice": -0.80,
    "past": -0.64,
    "place": 0.69,
    "place and trouble": 0.13,
    "plan": 0.10,
    "play": -1.57,
    "reacts": 0.15,
    "short": -1.44,
    "solved": -1.38,
    "trouble": 0.38,
}
BIAS = -1.66
