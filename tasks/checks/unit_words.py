"""Names of units that CLDR lacks, those of its own that mislead, and what common ones measure: for ``units``."""

from __future__ import annotations

#: CLDR's units whose names are far more often something else, in one language or the other: cups, turns, dots.
NO_UNITS = frozenset(
    """
    acceleration-g-force angle-revolution concentr-item duration-century graphics-dot graphics-em length-point
    light-candela light-lumen mass-dalton mass-grain pressure-atmosphere pressure-bar speed-light-speed volume-cup
    volume-dram volume-drop volume-jigger volume-pinch volume-quart volume-quart-imperial
    """.split()
)

#: Short forms of CLDR's that are words.
NO_NAMES = frozenset({"in", "al", "au", "ly", "to", "st", "pm", "fur", "ch"})

#: A unit's identifiers and its French names; several names are parted by commas.
FRENCH_UNITS = """
mass-kilogram: kilo, kilos
mass-gram: g
mass-tonne mass-ton: t, tonne, tonnes
mass-quintal: quintal, quintaux
length-meter: m
length-light-year: années lumière, année lumière
length-nautical-mile length-mile: milles nautiques, mille nautique, miles nautiques, miles marins
volume-liter: l
power-watt: w
electric-volt: v
area-square-meter: m2, m carrés, mètres-carrés
area-square-kilometer: km2, km carrés, km carré
area-square-centimeter: cm2
area-acre: acre, acres
volume-cubic-meter: m3, m cubes
volume-cubic-kilometer: km3
volume-cubic-centimeter: cm3
speed-kilometer-per-hour: kmh, km-h, km à l'heure, kilomètres à l'heure, kilomètre à l'heure, kilomètres-heure
speed-kilometer-per-hour: kilomètre-heure, kilomètres/heure, km/heure, km par heure, km heure
speed-knot: noeud, noeuds
speed-mile-per-hour: miles à l'heure, mile à l'heure, miles/heure, miles/h, mph
temperature-celsius temperature-fahrenheit temperature-generic angle-degree: degré, degrés, °
temperature-celsius: c, centigrades, degrés centigrades, º c, ° c, ºc
temperature-fahrenheit: ° f, ºf
duration-hour: h, heure, heures
duration-minute: mn
duration-second: sec, secs
duration-day: journée, journées
duration-year: année, années, an, ans
duration-century: siècles
power-horsepower: ch, cv, chevaux
percent: %
permille: ‰, pour mille
point: point, points, points de pourcentage, point de pourcentage
cent: centime, centimes, cent d'euro, cents d'euro
penny: pence, penny
USD: dollars américains, dollar américain, dollars us, dollar us
"""
ENGLISH_UNITS = """
mass-kilogram: kilo, kilos, kgs, kilogramme, kilogrammes
mass-gram: g, gramme, grammes
mass-tonne mass-ton: t, ton, tons, tonne, tonnes, metric tonnes, metric tonne
mass-pound: lbs
mass-quintal: quintal, quintals
length-meter: m
length-kilometer: kms, k
length-nautical-mile length-mile: mile, miles
length-inch: inches
volume-liter: l
power-watt: w
electric-volt: v
area-square-meter: m2, sq m, sq. m, sq metres, sq meters, sqm
area-square-kilometer: km2, sq km, sq. km
area-square-centimeter: cm2
area-square-foot: sq. ft, sq feet
area-square-mile: sq. mi, sq. miles, sq miles
volume-cubic-meter: m3
volume-cubic-kilometer: km3
volume-cubic-centimeter: cm3, cc
speed-kilometer-per-hour: kph, kmh, km per hour, km an hour, kilometres an hour, kilometers an hour, kmph, km/hour
speed-mile-per-hour: miles an hour, mile an hour, miles/hour, mi/hour
temperature-celsius temperature-fahrenheit temperature-generic angle-degree: degree, degrees, °
temperature-celsius: c, centigrade, degrees centigrade, degrees c, degree c, ° c, ºc, º c
temperature-fahrenheit: f, degrees f, (f)-degree, ° f, ºf
duration-hour: h, hour, hours, hrs, hr
duration-minute: min, mins
duration-century: centuries
percent: %, pc, pct
permille: ‰, per mille
point: point, points, percentage point, percentage points, basis points
cent: cent, cents, centime, centimes
penny: pence, penny, p
USD: us dollars, us dollar, american dollars, dollars us, u.s. dollars, u.s. dollar
GBP: quid, pounds sterling, pound sterling, sterling
"""

#: Names of money: the last words of CLDR's names of the same currencies, in either language.
FRENCH_MONEY = """
couronne: couronne, couronnes
mark: deutschemark, deutschemarks, deutsche marks
yuan: renminbi, renminbis, rmb
réal: real, reais, reals, réaux
rouble: roubles
dollar: billets verts
"""
ENGLISH_MONEY = """
couronne: crown, crowns, kronor, kroner, koruna, krona, krone
mark: deutschmark, deutschmarks, deutschemarks, d-marks, marks
yuan: renminbi, rmb
réal: reais, reals, real
rouble: rouble, roubles, ruble, rubles
dollar: bucks
lire: lire, liras, lira
roupie: rupee, rupees, rupiah, rupiahs
"""
#: Signs that CLDR lacks, with the first word of the French names of the money that they stand for.
SIGNS = """
dollar peso: $
yen yuan: ¥
couronne: kr kr.
franc: F Fr Fr. FF
roupie: Rs Rs.
zloty: zł
rouble: ₽
livre: ₺
baht: ฿
hryvnia: ₴
naira: ₦
"""
#: Codes that are words of headlines in capitals.
CODES_LIKE_WORDS = frozenset({"ALL", "TOP", "TRY", "CUP", "MAD", "PEN", "ARS", "SOS", "BAN"})

#: What one of each unit is, in the dimension's own unit: metres, kilograms, square metres, litres, km/h, seconds.
FACTORS = {
    "length-millimeter": ("length", 0.001),
    "length-centimeter": ("length", 0.01),
    "length-meter": ("length", 1.0),
    "length-kilometer": ("length", 1000.0),
    "length-inch": ("length", 0.0254),
    "length-foot": ("length", 0.3048),
    "length-yard": ("length", 0.9144),
    "length-mile": ("length", 1609.344),
    "length-nautical-mile": ("length", 1852.0),
    "mass-gram": ("mass", 0.001),
    "mass-ounce": ("mass", 0.02835),
    "mass-pound": ("mass", 0.45359),
    "mass-kilogram": ("mass", 1.0),
    "mass-stone": ("mass", 6.35029),
    "mass-quintal": ("mass", 100.0),
    "mass-tonne": ("mass", 1000.0),
    "mass-ton": ("mass", 907.185),
    "area-square-foot": ("area", 0.092903),
    "area-square-yard": ("area", 0.836127),
    "area-square-meter": ("area", 1.0),
    "area-acre": ("area", 4046.86),
    "area-hectare": ("area", 10_000.0),
    "area-square-kilometer": ("area", 1_000_000.0),
    "area-square-mile": ("area", 2_589_988.0),
    "volume-milliliter": ("volume", 0.001),
    "volume-centiliter": ("volume", 0.01),
    "volume-fluid-ounce": ("volume", 0.02957),
    "volume-pint": ("volume", 0.5),
    "volume-liter": ("volume", 1.0),
    "volume-gallon": ("volume", 3.78541),
    "volume-gallon-imperial": ("volume", 4.54609),
    "volume-hectoliter": ("volume", 100.0),
    "volume-barrel": ("volume", 158.987),
    "volume-cubic-meter": ("volume", 1000.0),
    "volume-cubic-foot": ("volume", 28.3168),
    "speed-kilometer-per-hour": ("speed", 1.0),
    "speed-mile-per-hour": ("speed", 1.609344),
    "speed-knot": ("speed", 1.852),
    "speed-meter-per-second": ("speed", 3.6),
    "duration-second": ("duration", 1.0),
    "duration-minute": ("duration", 60.0),
    "duration-hour": ("duration", 3600.0),
    "duration-day": ("duration", 86_400.0),
    "duration-week": ("duration", 604_800.0),
    "duration-month": ("duration", 2_629_800.0),
    "duration-year": ("duration", 31_557_600.0),
    "duration-decade": ("duration", 315_576_000.0),
}
