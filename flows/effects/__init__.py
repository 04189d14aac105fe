"""Every effect a decision may have, as frozen values by subject; bot/effects.py writes each of them in one place."""

from flows.effects.alerts import *
from flows.effects.cases import *
from flows.effects.chat import *
from flows.effects.clock import *
from flows.effects.meetings import *
from flows.effects.people import *
from flows.effects.points import *
from flows.effects.recipients import *
from flows.effects.threads import *
from flows.effects.volunteers import CancelSignUp as CancelSignUp
from flows.effects.volunteers import SignUp as SignUp
from flows.effects.volunteers import VolunteerEffect as VolunteerEffect

Effect = (
    ChatEffect
    | CaseEffect
    | ThreadEffect
    | PointsEffect
    | HouseholdEffect
    | PersonEffect
    | ClockEffect
    | AlertEffect
    | MediationEffect
    | BookingEffect
    | VolunteerEffect
)
