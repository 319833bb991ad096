"""The calculator, for any question that numbers can decide."""

from agents.offers.offer import Offer
from tools.calculator import Calculator

CALCULATION = Offer(
    name=Calculator.name, fits=lambda _scene: True, make=lambda _places: Calculator(), helps=True
)
