"""The replies files: what the assistant may say, word for word, in English and Hindi.

A file holds `{template_id: {en: [...], hi: [...], must: [fact], phrase: bool, never: [regex], opening: kind}}`; ids start with the
file's name. `opening` names a kind of courtesy: where the first English sentence is one it may be worded another way, else one may
be put before the text.
Everything that can be wrong is found when the files are loaded, with file, line and reason, never in front of a customer.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

import yaml
from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment

from agents.openings import Opening, opening_of
from agents.wordlists import sentences
from domain.conversation import Language, Say
from domain.errors import Broken

LANGUAGES: tuple[Language, ...] = ("en", "hi")
_KEYS = frozenset({"en", "hi", "must", "phrase", "never", "opening"})
_ID = re.compile(r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
#: Longest text a template may render to; a chat message of ours is never a letter.
MAX_REPLY = 2000


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing that can be said. `facts` are the names each language's text needs."""

    id: str
    texts: Mapping[Language, Template]
    facts: Mapping[Language, frozenset[str]]
    must: tuple[str, ...]
    phrase: bool
    never: tuple[re.Pattern[str], ...]
    opening: Opening | None
    #: whether the first sentence is that courtesy; if not, one may be put before it
    opens_with_it: bool = False


_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's where it was built in: ten times as fast


class _Loader(_Safe):  # type: ignore[misc]
    """SafeLoader that refuses a key given twice: the second one would silently win."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key, _ in node.value:
        name = loader.construct_object(key)
        if name in seen:
            raise yaml.constructor.ConstructorError(None, None, f"{name!r} is given twice", key.start_mark)
        seen.add(name)
    return cast(dict[Any, Any], _Safe.construct_mapping(loader, node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


class ReplyBook:
    """All replies, checked. Raises Broken `replies_invalid` with file and reason for anything wrong in a file."""

    def __init__(self, replies: Mapping[str, Reply], digest: str) -> None:
        self._replies = dict(replies)
        #: SHA-256 over the files' contents: what a turn records of the wording in force
        self.digest = digest

    @classmethod
    def load(cls, folder: Path) -> ReplyBook:
        """Read every `*.yaml` in `folder`; a file's templates start with its name."""
        return cls.parse({path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))})

    @classmethod
    def parse(cls, files: Mapping[str, str]) -> ReplyBook:
        """Build from file name (without ending) → contents."""
        environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        replies: dict[str, Reply] = {}
        for stem, text in files.items():
            for name, body in _entries(stem, text).items():
                replies[name] = _reply(environment, stem, name, body)
        digest = hashlib.sha256("\x00".join(part for item in sorted(files.items()) for part in item).encode()).hexdigest()
        return cls(replies, digest)

    def __contains__(self, template: object) -> bool:
        return template in self._replies

    def ids(self) -> tuple[str, ...]:
        return tuple(sorted(self._replies))

    def get(self, template: str) -> Reply:
        """Raises Broken `reply_unknown`."""
        try:
            return self._replies[template]
        except KeyError:
            raise Broken("reply_unknown", template) from None

    def render(self, say: Say, language: Language) -> str:
        """The template's own words. Raises Broken `reply_unknown`, or `reply_fact_missing` naming template and fact."""
        reply = self.get(say.template)
        missing = (reply.facts[language] | set(say.must)) - say.facts.keys()
        if missing:
            raise Broken("reply_fact_missing", f"{say.template}: {', '.join(sorted(missing))}")
        try:
            text = reply.texts[language].render({name: plain_fact(value) for name, value in say.facts.items()})
        except (TemplateError, TypeError, ValueError) as error:
            raise Broken("reply_not_rendered", f"{say.template}: {type(error).__name__}") from error
        return _tidy(text)[:MAX_REPLY]


def plain_fact(value: str) -> str:
    """A fact as one line of visible text: what others wrote cannot bring line breaks, controls or direction marks with it."""
    shown = (
        " " if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp", "Co", "Cs"} and char not in "\u200c\u200d" else char
        for char in value
    )
    return " ".join("".join(shown).split())


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _invalid(stem: str, what: str) -> Broken:
    return Broken("replies_invalid", f"{stem}.yaml: {what}")


def _entries(stem: str, text: str) -> dict[str, dict[str, Any]]:
    try:
        loaded = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise _invalid(stem, f"line {line}: {error.problem}") from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise _invalid(stem, "a mapping of template ids is expected")
    for name, body in loaded.items():
        if not isinstance(name, str) or not _ID.match(name) or name.split(".")[0] != stem:
            raise _invalid(stem, f"{name!r}: template ids are {stem}.<name> in lower case")
        if not isinstance(body, dict):
            raise _invalid(stem, f"{name}: a mapping with en and hi is expected")
    return loaded


def _reply(environment: SandboxedEnvironment, stem: str, name: str, body: dict[str, Any]) -> Reply:
    if unknown := body.keys() - _KEYS:
        raise _invalid(stem, f"{name}: unknown key {sorted(map(str, unknown))[0]}")
    texts: dict[Language, Template] = {}
    facts: dict[Language, frozenset[str]] = {}
    for language in LANGUAGES:
        variants = _strings(stem, f"{name}.{language}", body.get(language))
        if not variants or not all(variant.strip() for variant in variants):
            raise _invalid(stem, f"{name}: no text in {language}")
        try:
            facts[language] = frozenset().union(*(meta.find_undeclared_variables(environment.parse(one)) for one in variants))
            texts[language] = environment.from_string(variants[0])
        except TemplateError as error:
            raise _invalid(stem, f"{name}.{language}: {error.message}") from error
    must = tuple(_strings(stem, f"{name}.must", body.get("must")))
    for language in LANGUAGES:
        if lost := set(must) - facts[language]:
            raise _invalid(stem, f"{name}.{language}: must name {sorted(lost)[0]}, which the text does not use")
    phrase = body.get("phrase", True)
    if not isinstance(phrase, bool):
        raise _invalid(stem, f"{name}.phrase: true or false")
    begins = opening_of(sentences(_strings(stem, name, body["en"])[0].strip())[0])
    told = body.get("opening", begins)
    if told is not None and told not in get_args(Opening):
        raise _invalid(stem, f"{name}.opening: one of {', '.join(get_args(Opening))}")
    never = _patterns(stem, name, body.get("never"))
    return Reply(name, texts, facts, must, phrase, never, cast("Opening | None", told), begins is not None)


def _strings(stem: str, where: str, value: Any) -> list[str]:
    values = [value] if isinstance(value, str) else value if value is not None else []
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise _invalid(stem, f"{where}: text or a list of texts is expected")
    return values


def _patterns(stem: str, name: str, value: Any) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(one, re.IGNORECASE) for one in _strings(stem, f"{name}.never", value))
    except re.error as error:
        raise _invalid(stem, f"{name}.never: {error.msg}") from error
