"""Number words in English, Hindi and Hinglish, scales, and the Hindi words for halves and quarters.

Hindi has a word of its own for each number up to a hundred, and none of them can be put together from others; all of them are here,
each with the ways in which it is commonly written in Latin letters.
"""

from __future__ import annotations

from decimal import Decimal

from models.parsers.text import fold

_UNITS_EN = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS_EN = "twenty thirty forty fifty sixty seventy eighty ninety"
_HINDI = {
    0: "shunya शून्य", 1: "ek एक", 2: "do दो", 3: "teen तीन", 4: "char chaar चार", 5: "paanch panch पांच", 6: "chhe chheh chah छह छः छे", 7: "saat सात",
    8: "aath आठ", 9: "nau नौ", 10: "das dus दस", 11: "gyarah gyara ग्यारह", 12: "barah baarah बारह", 13: "terah तेरह",
    14: "chaudah चौदह", 15: "pandrah pandra पंद्रह पन्द्रह", 16: "solah सोलह", 17: "satrah सत्रह", 18: "atharah अठारह",
    19: "unnis उन्नीस", 20: "bees बीस", 21: "ikkis इक्कीस", 22: "bais baais बाईस बाइस", 23: "teis teyis तेईस तेइस", 24: "chaubis चौबीस",
    25: "pachees pachchis pachis पच्चीस", 26: "chhabbis chabbis छब्बीस", 27: "sattais सत्ताईस सत्ताइस", 28: "atthais atthaees अट्ठाईस अट्ठाइस",
    29: "untis unnatis उनतीस", 30: "tees तीस", 31: "ikatis ikattis इकतीस इकत्तीस", 32: "battis बत्तीस", 33: "taintis tentis तैंतीस", 34: "chauntis चौंतीस",
    35: "paintis पैंतीस", 36: "chhattis chattis छत्तीस", 37: "saintis सैंतीस", 38: "adtis artis अड़तीस", 39: "untalis unchalis उनतालीस उनचालीस",
    40: "chalis chaalis चालीस", 41: "iktalis इकतालीस", 42: "bayalis byalis बयालीस", 43: "taintalis tentalis तैंतालीस", 44: "chauvalis chawalis चौवालीस चवालीस",
    45: "paintalis पैंतालीस", 46: "chhiyalis chiyalis छियालीस", 47: "saintalis सैंतालीस", 48: "adtalis artalis अड़तालीस", 49: "unchas उनचास",
    50: "pachas pachaas पचास", 51: "ikyavan ikyawan इक्यावन", 52: "bavan baawan बावन", 53: "tirpan tirepan तिरपन तिरेपन", 54: "chauvan chauwan चौवन",
    55: "pachpan पचपन", 56: "chhappan chappan छप्पन", 57: "sattavan sattawan सत्तावन", 58: "atthavan atthawan अट्ठावन", 59: "unsath उनसठ",
    60: "saath साठ", 61: "iksath इकसठ", 62: "basath baasath बासठ", 63: "tirsath tiresath तिरसठ तिरेसठ", 64: "chaunsath चौंसठ", 65: "painsath पैंसठ",
    66: "chhiyasath chiyasath छियासठ", 67: "sadsath sarsath सड़सठ", 68: "adsath arsath अड़सठ", 69: "unhattar उनहत्तर", 70: "sattar सत्तर",
    71: "ikhattar इकहत्तर", 72: "bahattar बहत्तर", 73: "tihattar तिहत्तर", 74: "chauhattar चौहत्तर", 75: "pachhattar pachattar पचहत्तर",
    76: "chhihattar chihattar छिहत्तर", 77: "sathattar सतहत्तर", 78: "athhattar athattar अठहत्तर", 79: "unyasi उन्यासी", 80: "assi अस्सी",
    81: "ikyasi इक्यासी", 82: "bayasi byasi बयासी", 83: "tirasi tirasee तिरासी", 84: "chaurasi चौरासी", 85: "pachasi पचासी", 86: "chhiyasi chiyasi छियासी",
    87: "sattasi सत्तासी", 88: "atthasi अट्ठासी", 89: "navasi नवासी", 90: "nabbe नब्बे", 91: "ikyanve इक्यानवे", 92: "banve बानवे", 93: "tiranve तिरानवे",
    94: "chauranve चौरानवे", 95: "pachanve panchanve पचानवे पंचानवे", 96: "chhiyanve chiyanve छियानवे", 97: "sattanve सत्तानवे", 98: "atthanve अट्ठानवे",
    99: "ninyanve ninyanave निन्यानवे",
}  # fmt: skip
_SCALES_BY_VALUE = {
    100: "hundred sau सौ", 1000: "k thousand thousands hazar hazaar hajar hajaar hzar hzaar हजार",
    100_000: "l lakh lakhs laakh lac lacs lakhon लाख", 1_000_000: "million mn", 10_000_000: "cr crore crores karod karor करोड",
}  # fmt: skip

ENGLISH = {word: value for value, word in enumerate(_UNITS_EN.split())}
ENGLISH |= {word: 10 * (place + 2) for place, word in enumerate(_TENS_EN.split())}
UNITS = ENGLISH | {fold(word): value for value, words in _HINDI.items() for word in words.split()}
SCALES = {fold(word): value for value, words in _SCALES_BY_VALUE.items() for word in words.split()}
#: One and a half, two and a half.
HALVES = {"dedh": Decimal("1.5"), "derh": Decimal("1.5"), "डेढ": Decimal("1.5")}
HALVES |= dict.fromkeys(("dhai", "dhaai", "adhai", "ढाई", "अढाई"), Decimal("2.5"))
#: "Half more than", "a quarter more than", "a quarter less than" what follows; before a scale the last two stand for 1¼ and ¾ of it.
OFFSETS = {
    "sadhe": Decimal("0.5"), "saadhe": Decimal("0.5"), "साढे": Decimal("0.5"), "sava": Decimal("0.25"), "sawa": Decimal("0.25"),
    "सवा": Decimal("0.25"), "paune": Decimal("-0.25"), "paun": Decimal("-0.25"), "पौने": Decimal("-0.25"), "पौन": Decimal("-0.25"),
}  # fmt: skip
OF_ONE = {Decimal("0.25"): Decimal("1.25"), Decimal("-0.25"): Decimal("0.75")}
#: Half of the scale that follows: "half a lakh", "aadha lakh"; nothing by itself.
HALF = frozenset(map(fold, ("half", "aadha", "adha", "aadhe", "आधा", "आधे")))
