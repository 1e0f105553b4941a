"""Words for days, months and stretches of time in English, Hindi and Hinglish."""

from __future__ import annotations

from models.parsers.text import fold


def _table(rows: dict[int, str]) -> dict[str, int]:
    return {fold(word): value for value, words in rows.items() for word in words.split()}


MONTHS = _table({
    1: "jan january janwari जनवरी", 2: "feb february farwari फरवरी फ़रवरी", 3: "mar march मार्च", 4: "apr april aprail अप्रैल",
    5: "may mai मई", 6: "jun june जून", 7: "jul july julai जुलाई", 8: "aug august agast अगस्त", 9: "sep sept september sitambar सितंबर सितम्बर",
    10: "oct october aktubar अक्टूबर अक्तूबर", 11: "nov november navambar नवंबर नवम्बर", 12: "dec december disambar दिसंबर दिसम्बर",
})  # fmt: skip
#: Months whose short name is also another word; they need a day beside them.
UNCLEAR_MONTHS = frozenset({"mar", "may", "mai", "jun"})

WEEKDAYS = _table({
    0: "mon monday somvar somwar सोमवार", 1: "tue tues tuesday mangalvar mangalwar मंगलवार", 2: "wed wednesday budhvar budhwar बुधवार",
    3: "thu thur thurs thursday guruvar guruwar brihaspativar गुरुवार बृहस्पतिवार", 4: "fri friday shukravar shukrawar shukrwar शुक्रवार",
    5: "sat saturday shanivar shaniwar शनिवार", 6: "sunday ravivar raviwar itvar itwar रविवार इतवार",
})  # fmt: skip

TODAY = (
    "today",
    "todays",
    "today's",
    "this morning",
    "this afternoon",
    "this evening",
    "tonight",
    "just now",
    "aaj",
    "aj",
    "abhi abhi",
    "आज",
    "अभी अभी",
)
YESTERDAY = (
    "yesterday", "yesterdays", "yesterday's", "yday", "ystrday", "yesterdy", "last night", "beete kal", "bite kal", "beeta kal", "guzre kal", "बीते कल", "बीता कल", "गुज़रे कल",
)  # fmt: skip
BEFORE_YESTERDAY = ("day before yesterday", "the day before yesterday", "beete parso", "बीते परसों")
#: Hindi says yesterday and tomorrow in one word, and so the days beyond them: nothing is guessed.
EITHER_WAY = ("kal", "कल", "parso", "parson", "parsu", "परसों", "परसो")

LAST = (
    "last", "previous", "past", "pichle", "pichhle", "pichla", "pichhla", "pichli", "pichhli", "पिछले", "पिछला", "पिछली", "gaye", "बीते",
)  # fmt: skip
THIS = ("this", "current", "is", "iss", "इस")
#: What lies ahead. It is recognised so that "next Friday" is not read as a Friday that was; nothing is made of it.
NEXT = (
    "next", "coming", "upcoming", "following", "agle", "agla", "agli", "aane wale", "aane wali", "aanewale", "अगले", "अगला", "अगली", "आने वाले", "आने वाली",
)  # fmt: skip
TOMORROW = ("tomorrow", "tomorow", "tmrw", "tmr", "tmrow", "aane wala kal", "aane wale kal", "आने वाला कल", "आने वाले कल")
EVERY = ("every", "each", "har", "हर", "प्रत्येक")
WEEK = ("week", "hafte", "hafta", "saptah", "हफ्ते", "हफ़्ते", "हफ्ता", "सप्ताह")
MONTH = ("month", "mahine", "mahina", "maheene", "महीने", "महीना", "माह")
YEAR = ("year", "saal", "sal", "varsh", "साल", "वर्ष")
DAYS = ("day", "days", "din", "dino", "दिन", "दिनों")
WEEKS = ("week", "weeks", "hafte", "हफ्ते", "हफ़्ते", "saptah", "सप्ताह")
MONTHS_COUNT = ("month", "months", "mahine", "महीने")
AGO = ("ago", "back", "before", "pehle", "pahle", "pehele", "पहले")
DAY_OF_MONTH = ("tarikh", "tareekh", "taarikh", "तारीख", "तारीख़")
#: Before a day: from that day until today; the days before it, of which nothing is known; the days after it.
SINCE = ("since", "starting", "onwards from")
BEFORE = ("before", "until", "till", "upto", "up to", "by", "prior to")
AFTER = ("after",)
#: The same after a day, as Hindi says it.
SINCE_THEN = (
    "onwards",
    "se ab tak",
    "se aaj tak",
    "se lekar ab tak",
    "se lekar aaj tak",
    "से अब तक",
    "से आज तक",
    "से लेकर अब तक",
    "से लेकर आज तक",
)
BEFORE_THEN = ("se pehle", "se pahle", "ke pehle", "tak", "से पहले", "के पहले", "तक")
AFTER_THEN = ("ke baad", "ke bad", "के बाद")
#: Behind an ordinal these make it a place in a row: "the 2nd one", "1st payment".
IN_A_ROW = (
    "one", "ones", "time", "times", "payment", "transaction", "txn", "installment", "instalment", "emi", "card", "account", "attempt", "week", "month",
    "year", "quarter", "floor", "day", "person", "party", "option", "reply", "class", "half", "of these", "of them", "wala", "wale", "wali", "question", "last",
)  # fmt: skip
