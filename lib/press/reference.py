"""The reference pages of the library's packages, made from their signatures and docstrings."""

import importlib
import inspect
import re

LEADS = {
    "ko": "이 페이지는 라이브러리 코드에서 자동으로 만들었습니다. 설명은 코드의 영어 문서를 그대로 실었습니다.",
    "en": "This page is made from the library's own signatures and docstrings.",
}


def page(package: str, book, language: str) -> str:
    """The Markdown of the reference page of `package` ("seqbook.scratch"): its public names, file by file."""
    module = importlib.import_module(package)
    parts = [f"# {package}", LEADS[language]]
    if about := inspect.getdoc(module):
        parts += _english([markdown(about.split("\n\n")[0])], language)
    public = {name: getattr(module, name) for name in module.__all__}
    for name in sorted(public, key=lambda name: (_file_of(public[name]), not name[0].isupper(), name.lower())):
        parts += [f"## {name}", *_english(_entry(name, public[name]), language)]
    return "\n\n".join(parts) + "\n"


def _english(parts: list[str], language: str) -> list[str]:
    """`parts`, marked as English for screen readers and hyphenation where the page is in another language."""
    tags = ["```{raw} html\n%s\n```" % tag for tag in ('<div lang="en">', "</div>")]
    return parts if language == "en" else [tags[0], *parts, tags[1]]


def _file_of(thing) -> str:
    return getattr(thing, "__module__", None) or ""


def _entry(name: str, thing) -> list[str]:
    if isinstance(thing, tuple):
        return [_code(f"{name} = {thing!r}")]
    if not _file_of(thing).startswith("seqbook"):  # another package's, under our name
        package = type(thing).__module__.partition(".")[0]
        return [f"`{package}.{getattr(thing, '__name__', type(thing).__name__)}`"]
    parts = [_code(name + _signature(thing)), markdown(inspect.getdoc(thing) or "")]
    if inspect.isclass(thing):
        for method, function in inspect.getmembers(thing, inspect.isroutine):
            own = any(method in vars(base) for base in thing.__mro__ if base.__module__.startswith("seqbook"))
            if own and not method.startswith("_") and (about := inspect.getdoc(function)):
                parts += [_code(f"{name}.{method}{_signature(function)}"), markdown(about)]
    return [part for part in parts if part]


def _signature(thing) -> str:
    """The arguments as one would write them, without `self` and without types spelled as objects."""
    try:
        signature = inspect.signature(thing)
    except (TypeError, ValueError):  # made in C, or by a metaclass that hides it
        return "(...)"
    arguments = [argument for argument in signature.parameters.values() if argument.name != "self"]
    text = str(signature.replace(parameters=arguments))
    return re.sub(r"<class '(?:[\w]+\.)*(\w+)'>", r"\1", text)


def _code(text: str) -> str:
    return f"```python\n{text}\n```"


def markdown(docstring: str) -> str:
    """A docstring as Markdown: examples and indented lines as code, the rest as the plain text it is."""
    return "\n\n".join(map(_block, re.split(r"\n{2,}", docstring.strip())))


def _block(text: str) -> str:
    lines = text.split("\n")
    if lines[0].startswith(">>>") or all(line.startswith("    ") for line in lines):
        return _code(inspect.cleandoc(text))
    parts = re.split(r"(`[^`]+`)", text)  # what stands between backquotes is code already
    escaped = "".join(part if part.startswith("`") else re.sub(r"([\\*_<>$#|\[\]~])", r"\\\1", part) for part in parts)
    return re.sub(r"^(\s*)([-=+])", r"\1\\\2", escaped, flags=re.M)
