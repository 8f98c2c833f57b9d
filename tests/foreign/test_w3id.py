"""The rules of w3id/.htaccess in a real Apache lead each kind of IRI, for each Accept header, to a file of a release."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from pyoxigraph import NamedNode

from llmkg import __version__
from llmkg.release.redirects import filled

ROOT = Path(__file__).resolve().parents[2]
HOME = "/llmkg/"
CONFIGURATION = """\
ServerName localhost
Listen 127.0.0.1:{port}
ServerRoot {root}
PidFile {root}/pid
ErrorLog {root}/error.log
DocumentRoot {root}/www
{user}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule rewrite_module {modules}/mod_rewrite.so
<Directory {root}/www>
  AllowOverride All
  Options FollowSymLinks
  Require all granted
</Directory>
"""
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# What programs send, and what they then want.
ACCEPT = {
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "owl",
    "application/n-triples": "nt",
    "*/*": "ttl",
    "": "ttl",
    BROWSER: "html",
    # OWL API, Jena, rdflib, and one that would rather have a page.
    "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09": "owl",
    "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3": "ttl",
    "application/ld+json;q=1, text/turtle;q=0.5, text/html;q=0.1": "jsonld",
    "text/html, text/turtle;q=0.5": "html",
}
MODULES = ("core", "claims", "vocabulary", "alignments")
PARTS = ("base", "data", "merged", "inferred", "full")
THING = re.compile(r"https://w3id\.org/llmkg/(?!data/)([a-z]+)/([^/]+)")
Ask = Callable[[str, str], tuple[int, str]]


@pytest.fixture(scope="module")
def ask(foreign) -> Iterator[Ask]:
    """Start an Apache with the rules on a port of its own; return what gives status and place for path and header."""
    root = Path(tempfile.mkdtemp(prefix="llmkg-w3id-"))
    root.chmod(0o755)
    (root / "www" / "llmkg").mkdir(parents=True)
    rules = filled(ROOT, "https://example.org/llmkg/")
    assert rules is not None
    (root / "www" / "llmkg" / ".htaccess").write_text(rules, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = "User nobody\nGroup nogroup" if os.getuid() == 0 else ""
    debian = foreign.place / "debian"
    text = CONFIGURATION.format(port=port, root=root, modules=debian / "usr/lib/apache2/modules", user=user)
    (root / "apache.conf").write_text(text, encoding="utf-8")
    libraries = ":".join(map(str, sorted((debian / "usr/lib").glob("*-linux-*"))))
    server = subprocess.Popen(
        [debian / "usr/sbin/apache2", "-X", "-f", root / "apache.conf"],
        env={**os.environ, "LD_LIBRARY_PATH": libraries},
        stderr=subprocess.DEVNULL,
    )

    def answer(path: str, accept: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", quote(path, safe="/:%"), headers={"Accept": accept} if accept else {})
        response = connection.getresponse()
        connection.close()
        return response.status, response.getheader("Location") or ""

    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert server.poll() is None, (root / "error.log").read_text(encoding="utf-8")
                time.sleep(0.1)
        yield answer
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(root)


def target(location: str) -> tuple[str, str, str]:
    """Return the folder, the file in it and the fragment of an address below the home of the releases."""
    parts = urlsplit(location)
    folder, _, name = parts.path.removeprefix(HOME).partition("/")
    return folder, name, parts.fragment


def negotiated() -> list[tuple[str, str, str]]:
    """Return path, folder and file without its ending of what is sent in several formats."""
    cases = [("", "latest", "llmkg-ontology"), ("ontology", "latest", "llmkg-ontology")]
    cases += [(module, "latest", f"modules/{module}") for module in MODULES]
    cases += [(f"{module}/{__version__}", __version__, f"modules/{module}") for module in MODULES]
    cases += [(part, "latest", f"llmkg-{part}") for part in PARTS]
    cases += [(f"{part}/{__version__}", __version__, f"llmkg-{part}") for part in PARTS]
    cases += [(__version__, __version__, "llmkg-ontology"), ("graph", "latest", "llmkg-merged")]
    return [*cases, ("data/papers/2023", "latest", "llmkg-data"), (f"graph/{__version__}", __version__, "llmkg-merged")]


@pytest.mark.parametrize(("accept", "ending"), ACCEPT.items())
def test_ontologies_and_parts_come_in_the_format_that_is_asked_for(ask, released, accept: str, ending: str) -> None:
    cases = negotiated()
    assert len(cases) == 24
    for path, folder, stem in cases:
        status, location = ask(f"/llmkg/{path}", accept)
        assert status == 303, path
        name = f"{stem}.{ending}"
        if ending == "html":
            name = "things/llmkg.html" if path == "ontology" else "index.html"
        assert target(location) == (folder, name, ""), path
        assert (released / name).is_file(), name


@pytest.mark.parametrize(("accept", "ending"), ACCEPT.items())
def test_things_of_every_kind_come_in_the_format_that_is_asked_for(ask, released, kg, accept: str, ending: str) -> None:
    iris = {t.subject.value for t in kg.triples("data") if isinstance(t.subject, NamedNode)}
    things = {match[1]: iri for iri in sorted(iris) if (match := THING.fullmatch(iri))}
    assert len(things) == 12
    for kind, iri in things.items():
        slug = iri.rsplit("/", 1)[1]
        status, location = ask(iri.removeprefix("https://w3id.org"), accept)
        assert status == 303, iri
        folder, name, fragment = target(location)
        assert (folder, name) == ("latest", f"things/{kind}.{ending}")
        text = (released / name).read_text(encoding="utf-8")
        if ending == "html":
            assert fragment == slug
            assert f'<section id="{slug}">' in text
        else:
            assert slug in text


def test_a_browser_finds_a_term_on_the_page_of_the_terms(ask, released) -> None:
    """The fragment is the browser's own business: it keeps that of the identifier."""
    _, name, _ = target(ask("/llmkg/ontology", BROWSER)[1])
    assert '<section id="addresses">' in (released / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "case",
    [
        ("void", "*/*", 303, "latest/void.ttl"),
        ("void.ttl", BROWSER, 302, "latest/void.ttl"),
        ("shapes/claims.ttl", "*/*", 302, "latest/shapes/claims.ttl"),
        ("mappings/llmkg.sssom.tsv", "*/*", 302, "latest/mappings/llmkg.sssom.tsv"),
        (f"{__version__}/llmkg-full.nt", BROWSER, 302, f"{__version__}/llmkg-full.nt"),
        ("query/challenges-addressed", "*/*", 303, "latest/queries/challenges-addressed.rq"),
        ("query/challenges-addressed", "text/turtle", 303, "latest/queries.ttl"),
        ("query/prefixes", "*/*", 303, "latest/queries.ttl"),
    ],
)
def test_files_and_queries_are_found(ask, released, case: tuple[str, str, int, str]) -> None:
    path, accept, status, place = case
    found, location = ask(f"/llmkg/{path}", accept)
    folder, name, _ = target(location)
    assert (found, f"{folder}/{name}") == (status, place)
    assert (released / name).is_file()


@pytest.mark.parametrize("path", ["nothing", "challenges/hallucinations", "mitigation/a/b", "ontology/x/y"])
def test_what_is_no_identifier_of_ours_is_not_found(ask, path: str) -> None:
    assert ask(f"/llmkg/{path}", "*/*")[0] == 404


def test_every_file_that_the_release_says_can_be_fetched_can_be(ask, released) -> None:
    names = [line.split("  ")[1] for line in (released / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
    assert len(names) > 100
    for name in names:
        assert target(ask(f"/llmkg/{__version__}/{name}", "*/*")[1])[:2] == (__version__, name)
