"""Every SHACL constraint: a graph that conforms, and one edit for each constraint that breaks it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import RdfFormat
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH

from llmkg.load import parse_text
from llmkg.terms import PREFIXES, local_name
from llmkg.validate import Data, Finding, check_shapes, read_shapes, run_shapes

Key = tuple[str, str, str]
Check = Callable[[str], list[Finding]]

KINDS = (
    "application challenge claim constraint dataset import mitigation model organization paper section source system"
)
CHINESE = re.compile("[\u4e00-\u9fff]")
PREFIX = {**PREFIXES, **{kind: f"https://w3id.org/llmkg/{kind}/" for kind in KINDS.split()}}

THINGS = """
application:education
    a llmkg:Application ;
    rdfs:label "Education"@en , "教育"@zh ;
    skos:altLabel "teaching"@en , "教学"@zh ;
    skos:definition "Education is teaching and learning."@en , "教育是教与学。"@zh ;
    llmkg:hasConstraint constraint:wrong-answers ;
    .

application:tutoring
    a llmkg:Application ;
    rdfs:label "Tutoring"@en , "辅导"@zh ;
    skos:definition "Tutoring is teaching one person."@en , "辅导是一对一的教学。"@zh ;
    llmkg:subAreaOf application:education ;
    .

challenge:hallucination
    a llmkg:BehavioralChallenge ;
    rdfs:label "Hallucination"@en , "幻觉"@zh ;
    skos:definition "A model makes things up."@en , "模型编造内容。"@zh ;
    llmkg:describedIn paper:described ;
    .

challenge:false-quotation
    a llmkg:Challenge ;
    rdfs:label "False quotation"@en , "错误引文"@zh ;
    skos:definition "A model makes quotations up."@en , "模型编造引文。"@zh ;
    llmkg:subChallengeOf challenge:hallucination ;
    .

constraint:wrong-answers
    a llmkg:Constraint ;
    rdfs:label "Wrong answers"@en , "答案有误"@zh ;
    skos:definition "Learners are told falsehoods."@en , "学习者得到错误内容。"@zh ;
    llmkg:arisesFrom challenge:hallucination ;
    llmkg:describedIn paper:described ;
    .

mitigation:retrieval
    a llmkg:Mitigation ;
    rdfs:label "Retrieval"@en , "检索"@zh ;
    skos:definition "Retrieval looks things up."@en , "检索即查找资料。"@zh ;
    llmkg:addresses challenge:hallucination , constraint:wrong-answers ;
    llmkg:describedIn paper:described ;
    llmkg:mitigationKind llmkg:technique ;
    .

mitigation:quiz
    a llmkg:Mitigation ;
    rdfs:label "Quiz"@en , "测验"@zh ;
    skos:definition "A quiz counts made-up answers."@en , "测验统计编造的答案。"@zh ;
    llmkg:measures challenge:hallucination ;
    llmkg:mitigationKind llmkg:metric ;
    .

mitigation:dense-search
    a llmkg:Mitigation ;
    rdfs:label "Dense search"@en , "稠密搜索"@zh ;
    skos:definition "Dense search compares vectors."@en , "稠密搜索比较向量。"@zh ;
    llmkg:kindOf mitigation:search ;
    llmkg:mitigationKind llmkg:design ;
    .

mitigation:search
    a llmkg:Mitigation ;
    rdfs:label "Search"@en , "搜索"@zh ;
    skos:definition "Search finds documents."@en , "搜索查找文档。"@zh ;
    llmkg:mitigationKind llmkg:group ;
    .

system:tutor
    a llmkg:System ;
    rdfs:label "Tutor"@en ;
    llmkg:adaptation llmkg:prompting ;
    llmkg:basedOn model:used ;
    llmkg:describedIn paper:described ;
    llmkg:listedIn section:figure-1 ;
    llmkg:usedIn application:tutoring ;
    .

system:grader
    a llmkg:System ;
    rdfs:label "Grader"@en ;
    llmkg:describedIn paper:described ;
    llmkg:usedIn application:education ;
    .

model:listed
    a llmkg:Model ;
    rdfs:label "Listed"@en ;
    skos:altLabel "L-1"@en ;
    llmkg:architecture llmkg:decoder-only ;
    llmkg:checkpointUrl "https://example.org/weights"^^xsd:anyURI ;
    llmkg:codeUrl "https://example.org/code"^^xsd:anyURI ;
    llmkg:describedIn paper:described ;
    llmkg:developedBy organization:laboratory ;
    llmkg:followsInstructions true ;
    llmkg:hasCheckpoint true ;
    llmkg:hasCode true ;
    llmkg:isMixtureOfExperts false ;
    llmkg:listedIn section:tables ;
    llmkg:parameters 7000 ;
    llmkg:positionalScheme llmkg:rotary-positions ;
    llmkg:releaseMonth 5 ;
    llmkg:releaseYear 2021 ;
    llmkg:startsFromPretrained false ;
    llmkg:tokenizerScheme llmkg:byte-pair-encoding ;
    llmkg:tokens 300 ;
    llmkg:trainingObjective llmkg:next-token-prediction ;
    .

model:used
    a llmkg:Model ;
    rdfs:label "使用"@zh ;
    .

dataset:books
    a llmkg:Dataset ;
    rdfs:label "Books"@en , "图书集"@zh ;
    skos:definition "Books is a collection of novels."@en , "该数据集收录小说。"@zh ;
    llmkg:describedIn paper:described ;
    llmkg:isPublic true ;
    llmkg:listedIn section:tables ;
    llmkg:naturalLanguages 3 ;
    llmkg:releaseMonth 6 ;
    llmkg:releaseYear 2014 ;
    llmkg:sizeAsPrinted "5 kB" ;
    llmkg:sizeInBytes 5000 ;
    llmkg:textSource llmkg:books ;
    llmkg:tokens 400 ;
    .

organization:laboratory
    a llmkg:Organization ;
    rdfs:label "Laboratory"@en , "实验室"@zh ;
    skos:definition "The laboratory makes models."@en , "该实验室研制模型。"@zh ;
    .

organization:press
    a llmkg:Organization ;
    rdfs:label "Press"@en , "出版社"@zh ;
    skos:definition "The press publishes surveys."@en , "该出版社出版综述。"@zh ;
    .

paper:cited
    a llmkg:Paper ;
    rdfs:label "A cited paper"@en ;
    llmkg:arxivId "2307.10169" ;
    llmkg:authorList "Ada Author; Ben Writer" ;
    llmkg:citedIn section:results ;
    llmkg:doi "10.48550/arXiv.2307.10169" ;
    llmkg:hasMoreAuthors true ;
    llmkg:url "https://example.org/paper"^^xsd:anyURI ;
    llmkg:year 2023 ;
    .

paper:described
    a llmkg:Paper ;
    rdfs:label "A paper that describes things"@en ;
    .

import:of-a-file
    a llmkg:Import ;
    rdfs:label "Import of refs.bib"@en , "导入 refs.bib"@zh ;
    llmkg:importAgent "Ada" ;
    llmkg:importDate "2026-11-30T00:00:00Z"^^xsd:dateTime ;
    llmkg:importedFile "refs.bib" ;
    .

paper:imported
    a llmkg:Paper ;
    rdfs:label "A paper from a file"@en ;
    llmkg:importedIn import:of-a-file ;
    .

paper:listed
    a llmkg:Paper ;
    rdfs:label "A paper in the references"@en ;
    llmkg:listedIn section:tables ;
    .

source:survey
    a llmkg:Paper , llmkg:Source ;
    rdfs:label "Survey"@en , "综述"@zh ;
    skos:definition "The survey is the main source."@en , "该综述是主要来源。"@zh ;
    llmkg:publishedBy organization:press ;
    .

source:blog
    a llmkg:Source ;
    rdfs:label "Blog"@en , "博客"@zh ;
    skos:definition "The blog sums the survey up."@en , "该博客概括综述。"@zh ;
    .

section:results
    a llmkg:Section ;
    rdfs:label "Results"@en , "结果"@zh ;
    llmkg:discusses application:tutoring , challenge:false-quotation , system:grader ;
    llmkg:sectionKind llmkg:numbered-section ;
    llmkg:sectionOf source:survey ;
    llmkg:treats application:education , challenge:hallucination ;
    .

section:figure-1
    a llmkg:Section ;
    rdfs:label "Figure 1"@en , "图1"@zh ;
    llmkg:page 12 ;
    llmkg:sectionKind llmkg:figure ;
    llmkg:sectionOf source:survey ;
    llmkg:withinSection section:results ;
    .

section:tables
    a llmkg:Section ;
    rdfs:label "Tables"@en , "表"@zh ;
    llmkg:sectionKind llmkg:table ;
    llmkg:sectionOf source:survey ;
    .

section:post
    a llmkg:Section ;
    rdfs:label "Post"@en , "正文"@zh ;
    llmkg:sectionKind llmkg:heading ;
    llmkg:sectionOf source:blog ;
    .

claim:doubt
    a llmkg:Claim ;
    rdfs:label "Blog: a quiz does not address hallucination"@en , "博客：测验不能应对幻觉"@zh ;
    llmkg:claimBasis llmkg:curator ;
    llmkg:claimObject challenge:hallucination ;
    llmkg:claimProperty llmkg:addresses ;
    llmkg:claimSection section:post ;
    llmkg:claimSource source:blog ;
    llmkg:claimStance llmkg:doubts ;
    llmkg:claimSubject mitigation:quiz ;
    llmkg:confidence "medium" ;
    llmkg:differsFrom claim:quiz--measures--hallucination ;
    llmkg:isPreferred false ;
    llmkg:supportedBy paper:cited ;
    .

claim:name
    a llmkg:Claim ;
    rdfs:label "Survey: the laboratory is called Lab"@en , "综述：实验室又名工作室"@zh ;
    llmkg:claimBasis llmkg:stated ;
    llmkg:claimProperty skos:altLabel ;
    llmkg:claimSection section:results ;
    llmkg:claimSource source:survey ;
    llmkg:claimStance llmkg:supports ;
    llmkg:claimSubject organization:laboratory ;
    llmkg:claimValue "Lab"@en , "工作室"@zh ;
    llmkg:isPreferred false ;
    .

claim:size
    a llmkg:Claim ;
    rdfs:label "Survey: the size of Books"@en , "综述：图书集的大小"@zh ;
    llmkg:claimBasis llmkg:stated ;
    llmkg:claimProperty llmkg:sizeAsPrinted ;
    llmkg:claimSection section:tables ;
    llmkg:claimSource source:survey ;
    llmkg:claimStance llmkg:supports ;
    llmkg:claimSubject dataset:books ;
    llmkg:claimValue "5 kB" ;
    .
"""

LINKS = (
    ("mitigation:retrieval", "addresses", "challenge:hallucination"),
    ("mitigation:retrieval", "addresses", "constraint:wrong-answers"),
    ("constraint:wrong-answers", "arisesFrom", "challenge:hallucination"),
    ("application:education", "hasConstraint", "constraint:wrong-answers"),
    ("mitigation:quiz", "measures", "challenge:hallucination"),
    ("application:tutoring", "subAreaOf", "application:education"),
    ("challenge:false-quotation", "subChallengeOf", "challenge:hallucination"),
)
LINK_CLAIM = """
{claim}
    a llmkg:Claim ;
    llmkg:claimStance llmkg:supports ;
    rdfs:label "Survey: {claim}"@en , "综述：{claim}"@zh ;
    llmkg:claimBasis llmkg:stated ;
    llmkg:claimObject {value} ;
    llmkg:claimProperty llmkg:{link} ;
    llmkg:claimSection section:results ;
    llmkg:claimSource source:survey ;
    llmkg:claimSubject {subject} ;
    .
"""


def claim_name(subject: str, link: str, value: str) -> str:
    return f"claim:{subject.split(':')[1]}--{link}--{value.split(':')[1]}"


GOOD = THINGS + "".join(
    LINK_CLAIM.format(claim=claim_name(s, link, o), subject=s, link=link, value=o) for s, link, o in LINKS
)


@dataclass(frozen=True)
class Edit:
    """One replacement in the facts about ``subject``; ``also`` lists the further findings that it cannot avoid."""

    old: str
    new: str
    subject: str
    also: tuple[Key, ...]

    def apply(self, text: str) -> str:
        """Return ``text`` with the replacement, which fits in exactly one place."""
        start = text.index(f"\n{self.subject}\n")
        block = text[start : text.index("    .\n", start)]
        assert (text.count(block), block.count(self.old)) == (1, 1), f"{self.old!r} about {self.subject!r}"
        return text.replace(block, block.replace(self.old, self.new))


@dataclass(frozen=True)
class Case:
    """The constraint ``parameter`` of ``shape``, an edit that breaks it, and where and with what message."""

    shape: str
    parameter: str
    note: str
    focus: str
    path: str
    message: str
    edit: Edit

    def __str__(self) -> str:
        return f"{self.shape} sh:{self.parameter}{self.note and f' ({self.note})'}"


def swap(old: str, new: str, *also: Key, on: str = "") -> Edit:
    return Edit(old, new, on, also)


def drop(fact: str, *also: Key, on: str = "") -> Edit:
    return Edit(f"    {fact} ;\n", "", on, also)


def add(fact: str, *also: Key, on: str = "") -> Edit:
    return Edit("\n    a ", f"\n    {fact} ;\n    a ", on, also)


def key(focus: str, path: str, parameter: str) -> Key:
    return focus, path, parameter


def parameter(finding: Finding) -> str:
    return finding.rule.rpartition("/")[2]


def unclaimed(subject: str) -> Key:
    return key(subject, "", "sparql")


def unstated(subject: str, link: str, value: str) -> Key:
    return key(claim_name(subject, link, value), "", "sparql")


def cases(shape: str, focus: str, path: str, message: str, edits: dict[str, Edit]) -> list[Case]:
    """Return a case per edit; an edit is named after the constraint parameter, with a note after a colon.

    Unless an edit says otherwise, it is made to the focus node.
    """
    found = []
    for name, edit in edits.items():
        parameter, _, note = name.partition(": ")
        placed = replace(edit, subject=edit.subject or focus)
        found.append(Case(shape, parameter, note, focus, path, message, placed))
    return found


def flag(shape: str, focus: str, path: str, value: str, message: str) -> list[Case]:
    edits = {
        "datatype": swap(f"{path} {value} ;", f'{path} "{value}" ;'),
        "maxCount": add(f"{path} {'false' if value == 'true' else 'true'}"),
    }
    return cases(shape, focus, path, message, edits)


def number(shape: str, focus: str, fact: str, limits: tuple[int, int | None], message: str) -> list[Case]:
    path, value = fact.split()
    least, most = limits
    edits = {
        "datatype": swap(f"{fact} ;", f"{fact}.0 ;"),
        "maxCount": add(f"{path} {int(value) + 1}"),
        "minInclusive": swap(f"{fact} ;", f"{path} {least - 1} ;"),
    }
    if most is not None:
        edits["maxInclusive"] = swap(f"{fact} ;", f"{path} {most + 1} ;")
    return cases(shape, focus, path, message, edits)


def papers(shape: str, focus: str) -> list[Case]:
    edit = add("llmkg:describedIn section:results")
    return cases(shape, focus, "llmkg:describedIn", "Let llmkg:describedIn point to a paper", {"class": edit})


LANGUAGE = "with @en or @zh, in lower case"
TREATED = "^llmkg:treats|^llmkg:discusses"
TIED = "llmkg:addresses|llmkg:measures|llmkg:kindOf|^llmkg:kindOf"
USED = "llmkg:citedIn|llmkg:importedIn|llmkg:listedIn|^llmkg:describedIn|^llmkg:claimSource"
PLACE = "llmkg:claimSection/llmkg:sectionOf"
UNCLAIMED = "Add a claim that says which source states this llmkg:{} link, and where"
RETRIEVAL_CLAIM = claim_name(*LINKS[0])
OTHER_PLACE = key("claim:doubt", PLACE, "equals")

# fmt: off
LABEL_CASES = [
    *cases("AlternativeLabel-different", "application:education", "skos:altLabel",
           "Take out the skos:altLabel that repeats", {
        "disjoint": swap('"teaching"@en', '"Education"@en')}),
    *cases("AlternativeLabel-language", "application:education", "skos:altLabel", f"Tag the skos:altLabel {LANGUAGE}", {
        "languageIn: another language": swap('"teaching"@en', '"enseignement"@fr'),
        "languageIn: no language": swap('"teaching"@en', '"teaching"')}),
    *cases("BilingualLabel-count", "application:education", "rdfs:label",
           "Give the thing one English and one Chinese rdfs:label", {
        "minCount": swap(' , "教育"@zh', "")}),
    *cases("BilingualLabel-language", "application:education", "rdfs:label", f"Tag the rdfs:label {LANGUAGE}", {
        "languageIn: another language": swap('"教育"@zh', '"enseignement"@fr'),
        "languageIn: no language": swap('"教育"@zh', '"教育"')}),
    *cases("BilingualLabel-unique", "application:education", "rdfs:label", "Keep one rdfs:label per language", {
        "uniqueLang": add('rdfs:label "Schooling"@en')}),
    *cases("Definition-count", "application:education", "skos:definition",
           "Write a skos:definition in English and one in Chinese", {
        "minCount": swap(' , "教育是教与学。"@zh', "")}),
    *cases("Definition-language", "application:education", "skos:definition", f"Tag the skos:definition {LANGUAGE}", {
        "languageIn: another language": swap('"教育是教与学。"@zh', '"On enseigne."@fr'),
        "languageIn: no language": swap('"教育是教与学。"@zh', '"教育是教与学。"')}),
    *cases("Definition-sentence", "application:education", "skos:definition",
           "End the skos:definition as a full sentence", {
        "pattern: English": swap("learning.", "learning"),
        "pattern: Chinese": swap("教与学。", "教与学")}),
    *cases("Definition-unique", "application:education", "skos:definition", "Keep one skos:definition per language", {
        "uniqueLang": add('skos:definition "Education is schooling."@en')}),
    *cases("Name-count", "model:used", "rdfs:label", "Give the thing an rdfs:label: its name", {
        "minCount": drop('rdfs:label "使用"@zh')}),
    *cases("Name-language", "model:used", "rdfs:label", f"Tag the rdfs:label {LANGUAGE}", {
        "languageIn: another language": swap('"使用"@zh', '"usage"@fr'),
        "languageIn: no language": swap('"使用"@zh', '"使用"')}),
    *cases("Name-unique", "model:used", "rdfs:label", "Keep one rdfs:label per language", {
        "uniqueLang": add('rdfs:label "用于"@zh')}),
]

LINK_CASES = [
    *cases("Application-constraints", "application:education", "llmkg:hasConstraint",
           "Let llmkg:hasConstraint point to a constraint", {
        "class": add("llmkg:hasConstraint paper:cited", unclaimed("application:education"))}),
    *cases("Application-place", "application:education", TREATED,
           "Name a section that treats or discusses the application", {
        "class: treats": add("llmkg:treats application:education", on="paper:cited"),
        "minCount: treats": swap("application:education , ", "", on="section:results")}),
    *cases("Application-place", "application:tutoring", TREATED,
           "Name a section that treats or discusses the application", {
        "class: discusses": add("llmkg:discusses application:tutoring", on="paper:cited"),
        "minCount: discusses": swap("application:tutoring , ", "", on="section:results")}),
    *cases("Application-wider", "application:tutoring", "llmkg:subAreaOf",
           "Let llmkg:subAreaOf point to the one application", {
        "class": swap("llmkg:subAreaOf application:education", "llmkg:subAreaOf paper:cited",
                      unclaimed("application:tutoring"),
                      unstated("application:tutoring", "subAreaOf", "application:education")),
        "maxCount": add("llmkg:subAreaOf application:tutoring", unclaimed("application:tutoring"))}),
    *papers("Challenge-papers", "challenge:hallucination"),
    *cases("Challenge-place", "challenge:hallucination", TREATED,
           "Name a section that treats or discusses the challenge", {
        "class: treats": add("llmkg:treats challenge:hallucination", on="paper:cited"),
        "minCount: treats": swap(" , challenge:hallucination", "", on="section:results")}),
    *cases("Challenge-place", "challenge:false-quotation", TREATED,
           "Name a section that treats or discusses the challenge", {
        "class: discusses": add("llmkg:discusses challenge:false-quotation", on="paper:cited"),
        "minCount: discusses": swap(" , challenge:false-quotation", "", on="section:results")}),
    *cases("Challenge-wider", "challenge:false-quotation", "llmkg:subChallengeOf",
           "Let llmkg:subChallengeOf point to the one challenge", {
        "class": swap("llmkg:subChallengeOf challenge:hallucination", "llmkg:subChallengeOf paper:cited",
                      unclaimed("challenge:false-quotation"),
                      unstated("challenge:false-quotation", "subChallengeOf", "challenge:hallucination")),
        "maxCount": add("llmkg:subChallengeOf challenge:false-quotation", unclaimed("challenge:false-quotation"))}),
    *cases("Challenge", "challenge:hallucination", "", "Give a challenge that is part of no other at least one", {
        "or": swap("llmkg:BehavioralChallenge", "llmkg:Challenge")}),
    *cases("Constraint-application", "constraint:wrong-answers", "^llmkg:hasConstraint",
           "Tie the constraint to an application", {
        "class": add("llmkg:hasConstraint constraint:wrong-answers", unclaimed("paper:cited"), on="paper:cited"),
        "minCount": drop("llmkg:hasConstraint constraint:wrong-answers",
                         unstated("application:education", "hasConstraint", "constraint:wrong-answers"),
                         on="application:education")}),
    *cases("Constraint-causes", "constraint:wrong-answers", "llmkg:arisesFrom",
           "Let llmkg:arisesFrom point to a challenge", {
        "class": add("llmkg:arisesFrom paper:cited", unclaimed("constraint:wrong-answers"))}),
    *papers("Constraint-papers", "constraint:wrong-answers"),
    *cases("Mitigation-addresses", "mitigation:retrieval", "llmkg:addresses",
           "Let llmkg:addresses point to a challenge or a constraint", {
        "class": add("llmkg:addresses paper:cited", unclaimed("mitigation:retrieval"))}),
    *cases("Mitigation-kind", "mitigation:quiz", "llmkg:mitigationKind",
           "Give the mitigation exactly one llmkg:mitigationKind", {
        "class": swap("llmkg:mitigationKind llmkg:metric", "llmkg:mitigationKind llmkg:table"),
        "maxCount": add("llmkg:mitigationKind llmkg:technique"),
        "minCount": drop("llmkg:mitigationKind llmkg:metric")}),
    *cases("Mitigation-kindOf", "mitigation:dense-search", "llmkg:kindOf",
           "Let llmkg:kindOf point to a broader mitigation", {
        "class": add("llmkg:kindOf challenge:hallucination")}),
    *cases("Mitigation-measures", "mitigation:quiz", "llmkg:measures", "Let llmkg:measures point to a challenge", {
        "class": add("llmkg:measures constraint:wrong-answers", unclaimed("mitigation:quiz"))}),
    *cases("Mitigation-orphan", "mitigation:search", TIED,
           "Tie the mitigation to a challenge, a constraint or a broader", {
        "minCount: broader": swap("llmkg:kindOf mitigation:search", "llmkg:kindOf mitigation:retrieval",
                                  on="mitigation:dense-search"),
        "minCount: broader and narrower": drop("llmkg:kindOf mitigation:search",
                                               key("mitigation:dense-search", TIED, "minCount"),
                                               on="mitigation:dense-search")}),
    *cases("Mitigation-orphan", "mitigation:quiz", TIED,
           "Tie the mitigation to a challenge, a constraint or a broader", {
        "minCount: measure": drop("llmkg:measures challenge:hallucination",
                                  unstated("mitigation:quiz", "measures", "challenge:hallucination"))}),
    *papers("Mitigation-papers", "mitigation:retrieval"),
    *cases("Organization-orphan", "organization:press", "^llmkg:developedBy|^llmkg:publishedBy",
           "Tie the organization to a model or a source", {
        "minCount: publisher": drop("llmkg:publishedBy organization:press", on="source:survey")}),
    *cases("Organization-orphan", "organization:laboratory", "^llmkg:developedBy|^llmkg:publishedBy",
           "Tie the organization to a model or a source", {
        "minCount: developer": drop("llmkg:developedBy organization:laboratory", on="model:listed")}),
    *cases("Paper-orphan", "paper:cited", USED, "Name a section that cites the paper, or a thing", {
        "minCount: cited": drop("llmkg:citedIn section:results")}),
    *cases("Paper-orphan", "paper:listed", USED, "Name a section that cites the paper, or a thing", {
        "minCount: listed": drop("llmkg:listedIn section:tables")}),
    *cases("Paper-sections", "paper:cited", "llmkg:citedIn", "Let llmkg:citedIn point to a section", {
        "class": add("llmkg:citedIn source:survey")}),
    *cases("System-adaptation", "system:tutor", "llmkg:adaptation", "Give the system at most one level of adaptation", {
        "in": swap("llmkg:adaptation llmkg:prompting", "llmkg:adaptation llmkg:metric"),
        "maxCount": add("llmkg:adaptation llmkg:fine-tuned")}),
    *cases("System-application", "system:tutor", "llmkg:usedIn",
           "Name the application of the system with llmkg:usedIn", {
        "class": swap("llmkg:usedIn application:tutoring", "llmkg:usedIn paper:cited"),
        "minCount": drop("llmkg:usedIn application:tutoring")}),
    *cases("System-models", "system:tutor", "llmkg:basedOn", "Let llmkg:basedOn point to a model", {
        "class": add("llmkg:basedOn paper:cited")}),
    *cases("System-papers", "system:tutor", "llmkg:describedIn",
           "Name a paper of the graph that describes the system", {
        "class": swap("llmkg:describedIn paper:described", "llmkg:describedIn section:results"),
        "minCount": drop("llmkg:describedIn paper:described")}),
    *cases("System-place", "system:tutor", "llmkg:listedIn|^llmkg:discusses", "Name the figure that lists the system", {
        "class: listed": swap("llmkg:listedIn section:figure-1", "llmkg:listedIn source:survey"),
        "minCount: listed": drop("llmkg:listedIn section:figure-1")}),
    *cases("System-place", "system:grader", "llmkg:listedIn|^llmkg:discusses",
           "Name the figure that lists the system", {
        "class: discussed": add("llmkg:discusses system:grader", on="paper:cited"),
        "minCount: discussed": swap(" , system:grader", "", on="section:results")}),
]

PAPER_CASES = [
    *cases("Work-arxiv", "paper:cited", "llmkg:arxivId", "Give llmkg:arxivId as on arXiv and without version", {
        "datatype": swap('llmkg:arxivId "2307.10169"', 'llmkg:arxivId "2307.10169"@en'),
        "maxCount": add('llmkg:arxivId "2307.10170"'),
        "pattern": swap('llmkg:arxivId "2307.10169"', 'llmkg:arxivId "2307.10169v1"')}),
    *cases("Work-authors", "paper:cited", "llmkg:authorList", "Give the authors in one llmkg:authorList, in order", {
        "datatype": swap('"Ada Author; Ben Writer"', '"Ada Author; Ben Writer"@en'),
        "maxCount": add('llmkg:authorList "Cy Poet"'),
        "pattern": swap("Ada Author; Ben Writer", "Ada Author;Ben Writer")}),
    *cases("Work-doi", "paper:cited", "llmkg:doi", "Give llmkg:doi without address, beginning with 10.", {
        "datatype": swap('"10.48550/arXiv.2307.10169"', '"10.48550/arXiv.2307.10169"@en'),
        "pattern": swap('"10.48550/', '"https://doi.org/10.48550/')}),
    *cases("Work-more", "paper:cited", "llmkg:hasMoreAuthors", "Give llmkg:hasMoreAuthors as true, or leave it out", {
        "in": swap("llmkg:hasMoreAuthors true", "llmkg:hasMoreAuthors false"),
        "in: a text": swap("llmkg:hasMoreAuthors true", 'llmkg:hasMoreAuthors "true"'),
        "maxCount": add("llmkg:hasMoreAuthors false", key("paper:cited", "llmkg:hasMoreAuthors", "in"))}),
    *cases("Paper-orphan", "paper:imported", USED, "Name a section that cites the paper, or a thing", {
        "minCount: imported": drop("llmkg:importedIn import:of-a-file")}),
    *cases("Imported-import", "paper:imported", "llmkg:importedIn", "Point llmkg:importedIn at a thing typed", {
        "class": swap("llmkg:importedIn import:of-a-file", "llmkg:importedIn section:tables")}),
    *cases("Import-agent", "import:of-a-file", "llmkg:importAgent", "Name in one llmkg:importAgent who made the import", {
        "datatype": swap('"Ada"', '"Ada"@en'),
        "maxCount": add('llmkg:importAgent "Ben"'),
        "minCount": drop('llmkg:importAgent "Ada"')}),
    *cases("Import-date", "import:of-a-file", "llmkg:importDate", "Give one llmkg:importDate as ", {
        "datatype": swap('"2026-11-30T00:00:00Z"^^xsd:dateTime', '"2026-11-30"'),
        "maxCount": add('llmkg:importDate "2026-11-29T00:00:00Z"^^xsd:dateTime'),
        "minCount": drop('llmkg:importDate "2026-11-30T00:00:00Z"^^xsd:dateTime')}),
    *cases("Import-file", "import:of-a-file", "llmkg:importedFile", "Give one llmkg:importedFile: the name of the file", {
        "datatype": swap('"refs.bib"', '"refs.bib"@en', on="import:of-a-file"),
        "maxCount": add('llmkg:importedFile "more.bib"'),
        "minCount": drop('llmkg:importedFile "refs.bib"'),
        "pattern": swap('llmkg:importedFile "refs.bib"', 'llmkg:importedFile "/home/refs.bib"')}),
    *cases("Work-url", "paper:cited", "llmkg:url", 'Give llmkg:url as "http..."^^xsd:anyURI', {
        "datatype": swap('"https://example.org/paper"^^xsd:anyURI', '"https://example.org/paper"'),
        "pattern": swap('"https://example.org/paper"', '"example.org/paper"')}),
    *number("Work-year", "paper:cited", "llmkg:year 2023", (1900, 2100),
            "Give llmkg:year as one whole number from 1900 to 2100"),
    # What claims are taken from need not be a paper.
    *cases("Work-url", "source:blog", "llmkg:url", 'Give llmkg:url as "http..."^^xsd:anyURI', {
        "datatype: of a source": add('llmkg:url "https://example.org/blog"'),
        "pattern: of a source": add('llmkg:url "ftp://example.org/blog"^^xsd:anyURI')}),
    *cases("Work-year", "source:blog", "llmkg:year", "Give llmkg:year as one whole number from 1900 to 2100", {
        "datatype: of a source": add("llmkg:year 2023.0"),
        "minInclusive: of a source": add("llmkg:year 23")}),
]

FIGURE_CASES = [
    *number("Dataset-languages", "dataset:books", "llmkg:naturalLanguages 3", (1, None),
            "Give llmkg:naturalLanguages as one whole number above zero"),
    *cases("Dataset-material", "dataset:books", "llmkg:textSource", "Name at least one llmkg:textSource", {
        "class": swap("llmkg:textSource llmkg:books", "llmkg:textSource llmkg:table"),
        "minCount": drop("llmkg:textSource llmkg:books")}),
    *number("Dataset-month", "dataset:books", "llmkg:releaseMonth 6", (1, 12),
            "Give llmkg:releaseMonth as a whole number from 1 to 12"),
    *cases("Dataset-papers", "dataset:books", "llmkg:describedIn",
           "Name a paper of the graph that describes the data set", {
        "class": swap("llmkg:describedIn paper:described", "llmkg:describedIn section:results"),
        "minCount": drop("llmkg:describedIn paper:described")}),
    *cases("Dataset-place", "dataset:books", "llmkg:listedIn", "Name the table that lists the data set", {
        "class": swap("llmkg:listedIn section:tables", "llmkg:listedIn source:survey"),
        "minCount": drop("llmkg:listedIn section:tables")}),
    *flag("Dataset-public", "dataset:books", "llmkg:isPublic", "true", "Say with llmkg:isPublic whether"),
    *cases("Dataset-public", "dataset:books", "llmkg:isPublic", "Say with llmkg:isPublic whether", {
        "minCount": drop("llmkg:isPublic true")}),
    *number("Dataset-size", "dataset:books", "llmkg:sizeInBytes 5000", (1, None),
            "Give llmkg:sizeInBytes as one whole number of bytes"),
    *number("Dataset-tokens", "dataset:books", "llmkg:tokens 400", (1, None),
            "Give llmkg:tokens as one whole number above"),
    *number("Dataset-year", "dataset:books", "llmkg:releaseYear 2014", (1950, 2100),
            "Give the data set one llmkg:releaseYear"),
    *cases("Dataset-year", "dataset:books", "llmkg:releaseYear", "Give the data set one llmkg:releaseYear", {
        "minCount": drop("llmkg:releaseYear 2014")}),
    *cases("Model-architecture", "model:listed", "llmkg:architecture", "Give at most one llmkg:architecture", {
        "class": swap("llmkg:architecture llmkg:decoder-only", "llmkg:architecture llmkg:table"),
        "maxCount": add("llmkg:architecture llmkg:encoder-only")}),
    *flag("Model-followsInstructions", "model:listed", "llmkg:followsInstructions", "true",
          "Give llmkg:followsInstructions as true"),
    *flag("Model-hasCheckpoint", "model:listed", "llmkg:hasCheckpoint", "true",
          "Give llmkg:hasCheckpoint as true or false"),
    *flag("Model-hasCode", "model:listed", "llmkg:hasCode", "true", "Give llmkg:hasCode as true or false"),
    *flag("Model-isMixtureOfExperts", "model:listed", "llmkg:isMixtureOfExperts", "false",
          "Give llmkg:isMixtureOfExperts as true"),
    *cases("Model-links", "model:listed", "llmkg:codeUrl|llmkg:checkpointUrl", "Give web addresses as", {
        "datatype: code": swap('"https://example.org/code"^^xsd:anyURI', '"https://example.org/code"'),
        "datatype: weights": swap('"https://example.org/weights"^^xsd:anyURI', '"https://example.org/weights"'),
        "pattern: code": swap('"https://example.org/code"', '"example.org/code"'),
        "pattern: weights": swap('"https://example.org/weights"', '"ftp://example.org/weights"')}),
    *number("Model-month", "model:listed", "llmkg:releaseMonth 5", (1, 12),
            "Give llmkg:releaseMonth as a whole number from 1 to 12"),
    *cases("Model-objective", "model:listed", "llmkg:trainingObjective",
           "Let llmkg:trainingObjective point to an objective", {
        "class": add("llmkg:trainingObjective llmkg:table")}),
    *cases("Model-organization", "model:listed", "llmkg:developedBy",
           "Let llmkg:developedBy point to an organization", {
        "class": add("llmkg:developedBy source:survey")}),
    *cases("Model-orphan", "model:listed", "llmkg:listedIn|^llmkg:basedOn", "Name the table that lists the model", {
        "minCount: listed": drop("llmkg:listedIn section:tables")}),
    *cases("Model-orphan", "model:used", "llmkg:listedIn|^llmkg:basedOn", "Name the table that lists the model", {
        "minCount: used": drop("llmkg:basedOn model:used", on="system:tutor")}),
    *papers("Model-papers", "model:listed"),
    *number("Model-parameters", "model:listed", "llmkg:parameters 7000", (1, None),
            "Give llmkg:parameters as one whole number above zero"),
    *cases("Model-positions", "model:listed", "llmkg:positionalScheme",
           "Let llmkg:positionalScheme point to a scheme", {
        "class": add("llmkg:positionalScheme llmkg:table")}),
    *flag("Model-startsFromPretrained", "model:listed", "llmkg:startsFromPretrained", "false",
          "Give llmkg:startsFromPretrained as true"),
    *cases("Model-tokenizer", "model:listed", "llmkg:tokenizerScheme", "Let llmkg:tokenizerScheme point to a scheme", {
        "class": add("llmkg:tokenizerScheme llmkg:table")}),
    *number("Model-tokens", "model:listed", "llmkg:tokens 300", (0, None),
            "Give llmkg:tokens as one whole number, zero at least"),
    *number("Model-year", "model:listed", "llmkg:releaseYear 2021", (1950, 2100),
            "Give llmkg:releaseYear as a whole number from 1950 to 2100"),
]

CLAIM_CASES = [
    *cases("Claim-basis", "claim:doubt", "llmkg:claimBasis", "Give exactly one basis", {
        "in": swap("llmkg:claimBasis llmkg:curator", "llmkg:claimBasis llmkg:supports"),
        "maxCount": add("llmkg:claimBasis llmkg:stated"),
        "minCount": drop("llmkg:claimBasis llmkg:curator")}),
    *cases("Claim-confidence", "claim:doubt", "llmkg:confidence",
           'Give llmkg:confidence as "high", "medium" or "low"', {
        "in": swap('llmkg:confidence "medium"', 'llmkg:confidence "middling"'),
        "maxCount": add('llmkg:confidence "low"')}),
    *cases("Claim-differs", "claim:doubt", "llmkg:differsFrom", "Let llmkg:differsFrom point to another claim", {
        "class": add("llmkg:differsFrom paper:cited")}),
    *cases("Claim-object", "claim:doubt", "llmkg:claimObject", "Give the claim at most one llmkg:claimObject", {
        "maxCount": add("llmkg:claimObject constraint:wrong-answers"),
        "nodeKind": swap("llmkg:claimObject challenge:hallucination", 'llmkg:claimObject "hallucination"')}),
    *cases("Claim-papers", "claim:doubt", "llmkg:supportedBy", "Let llmkg:supportedBy point to a paper", {
        "class": add("llmkg:supportedBy section:post")}),
    *cases("Claim-place", "claim:doubt", PLACE, "Name a section of the very source of the claim", {
        "equals": add("llmkg:claimSection section:results")}),
    *flag("Claim-preferred", "claim:doubt", "llmkg:isPreferred", "false", "Give llmkg:isPreferred as true or false"),
    *cases("Claim-property", "claim:doubt", "llmkg:claimProperty", "Give the claim exactly one llmkg:claimProperty", {
        "maxCount": add("llmkg:claimProperty llmkg:measures"),
        "minCount": drop("llmkg:claimProperty llmkg:addresses"),
        "nodeKind": swap("llmkg:claimProperty llmkg:addresses", 'llmkg:claimProperty "addresses"')}),
    *cases("Claim-section", "claim:doubt", "llmkg:claimSection",
           "Name the section of the source with llmkg:claimSection", {
        "class": add("llmkg:claimSection paper:cited"),
        "minCount": drop("llmkg:claimSection section:post", OTHER_PLACE)}),
    *cases("Claim-source", "claim:doubt", "llmkg:claimSource",
           "Name exactly one source of the graph with llmkg:claimSource", {
        "class": swap("llmkg:Source", "llmkg:Paper",
                      key("section:post", "llmkg:sectionOf", "class"), on="source:blog"),
        "maxCount": add("llmkg:claimSource source:survey", OTHER_PLACE),
        "minCount": drop("llmkg:claimSource source:blog", OTHER_PLACE)}),
    *cases("Claim-stance", "claim:doubt", "llmkg:claimStance", "Give exactly one stance", {
        "in": swap("llmkg:claimStance llmkg:doubts", "llmkg:claimStance llmkg:stated"),
        "maxCount": add("llmkg:claimStance llmkg:supports"),
        "minCount": drop("llmkg:claimStance llmkg:doubts")}),
    *cases("Claim-subject", "claim:doubt", "llmkg:claimSubject", "Give the claim exactly one llmkg:claimSubject", {
        "maxCount": add("llmkg:claimSubject mitigation:retrieval"),
        "minCount": drop("llmkg:claimSubject mitigation:quiz"),
        "nodeKind": swap("llmkg:claimSubject mitigation:quiz", 'llmkg:claimSubject "quiz"')}),
    *cases("Claim-triple", RETRIEVAL_CLAIM, "", "State the triple of the claim in the data too", {
        "sparql: object": swap("challenge:hallucination , ", "", on="mitigation:retrieval")}),
    *cases("Claim-triple", "claim:size", "", "State the triple of the claim in the data too", {
        "sparql: value": swap('"5 kB"', '"5 KB"', on="dataset:books"),
        "sparql: other property": swap("llmkg:sizeAsPrinted", "llmkg:tokensAsPrinted", on="dataset:books"),
        "sparql: other subject": swap("dataset:books", "model:listed")}),
    *cases("Claim-triple", "claim:name", "", "State the triple of the claim in the data too", {
        "sparql: not marked": drop("llmkg:isPreferred false", key("claim:name", "", "sparql"))}),
    *cases("Claim-value", "claim:name", "llmkg:claimValue", "Give llmkg:claimValue as a literal, one per language", {
        "nodeKind": swap('"工作室"@zh', "paper:cited"),
        "uniqueLang": add('llmkg:claimValue "Workshop"@en')}),
    *cases("Claim", "claim:doubt", "", "Give the claim either a llmkg:claimObject or a llmkg:claimValue", {
        "xone: neither": drop("llmkg:claimObject challenge:hallucination"),
        "xone: both": add('llmkg:claimValue "hallucination"@en')}),
    *(
        case
        for subject, link, value in LINKS
        for case in cases(f"Claimed-{link}-rule", subject, "", UNCLAIMED.format(link), {
            f"sparql: {value}": swap("llmkg:supports", "llmkg:doubts", on=claim_name(subject, link, value))})
    ),
    *cases("Claimed-addresses-rule", "mitigation:quiz", "", UNCLAIMED.format("addresses"), {
        "sparql: no claim": add("llmkg:addresses challenge:hallucination")}),
    *cases("Claimed-addresses-rule", "mitigation:retrieval", "", UNCLAIMED.format("addresses"), {
        f"sparql: other {part}": swap(old, new, key(RETRIEVAL_CLAIM, "", "sparql"), on=RETRIEVAL_CLAIM)
        for part, old, new in (
            ("subject", "mitigation:retrieval", "mitigation:search"),
            ("property", "llmkg:addresses", "llmkg:measures"),
            ("object", "challenge:hallucination", "challenge:false-quotation"),
        )}),
    *cases("Section-kind", "section:figure-1", "llmkg:sectionKind", "Give the section exactly one llmkg:sectionKind", {
        "class": swap("llmkg:sectionKind llmkg:figure", "llmkg:sectionKind llmkg:stated"),
        "maxCount": add("llmkg:sectionKind llmkg:table"),
        "minCount": drop("llmkg:sectionKind llmkg:figure")}),
    *number("Section-page", "section:figure-1", "llmkg:page 12", (1, None),
            "Give llmkg:page as a whole number above zero"),
    *cases("Section-source", "section:figure-1", "llmkg:sectionOf",
           "Name the one source that the section is a place in", {
        "class": swap("llmkg:sectionOf source:survey", "llmkg:sectionOf paper:cited"),
        "maxCount": add("llmkg:sectionOf source:blog"),
        "minCount": drop("llmkg:sectionOf source:survey")}),
    *cases("Section-within", "section:figure-1", "llmkg:withinSection",
           "Let llmkg:withinSection point to the one section", {
        "class": swap("llmkg:withinSection section:results", "llmkg:withinSection paper:cited"),
        "maxCount": add("llmkg:withinSection section:tables")}),
    *cases("NotItself-rule", "section:figure-1", "llmkg:withinSection", "Let the link lead to another thing", {
        "sparql": swap("llmkg:withinSection section:results", "llmkg:withinSection section:figure-1")}),
    *cases("NotItself-rule", "mitigation:dense-search", "llmkg:kindOf", "Let the link lead to another thing", {
        "sparql: besides another": add("llmkg:kindOf mitigation:dense-search")}),
    *cases("NotItself-rule", "claim:doubt", "llmkg:differsFrom", "Let the link lead to another thing", {
        "sparql: a claim": add("llmkg:differsFrom claim:doubt")}),
]

# fmt: on

CASES = [*LABEL_CASES, *LINK_CASES, *PAPER_CASES, *FIGURE_CASES, *CLAIM_CASES]

# Edits that break nothing: the limits of the numbers, each listed value, each alternative, what may be left out.
STILL_GOOD = {
    "lowest": [
        swap("llmkg:page 12", "llmkg:page 1", on="section:figure-1"),
        swap("llmkg:naturalLanguages 3", "llmkg:naturalLanguages 1", on="dataset:books"),
        swap("llmkg:releaseMonth 6", "llmkg:releaseMonth 1", on="dataset:books"),
        swap("llmkg:releaseYear 2014", "llmkg:releaseYear 1950", on="dataset:books"),
        swap("llmkg:sizeInBytes 5000", "llmkg:sizeInBytes 1", on="dataset:books"),
        swap("llmkg:tokens 400", "llmkg:tokens 1", on="dataset:books"),
        swap("llmkg:parameters 7000", "llmkg:parameters 1", on="model:listed"),
        swap("llmkg:releaseMonth 5", "llmkg:releaseMonth 1", on="model:listed"),
        swap("llmkg:releaseYear 2021", "llmkg:releaseYear 1950", on="model:listed"),
        swap("llmkg:tokens 300", "llmkg:tokens 0", on="model:listed"),
        swap("llmkg:year 2023", "llmkg:year 1900", on="paper:cited"),
    ],
    "highest": [
        swap("llmkg:releaseMonth 6", "llmkg:releaseMonth 12", on="dataset:books"),
        swap("llmkg:releaseYear 2014", "llmkg:releaseYear 2100", on="dataset:books"),
        swap("llmkg:releaseMonth 5", "llmkg:releaseMonth 12", on="model:listed"),
        swap("llmkg:releaseYear 2021", "llmkg:releaseYear 2100", on="model:listed"),
        swap("llmkg:year 2023", "llmkg:year 2100", on="paper:cited"),
    ],
    "stated, high, preferred, pre-trained, design challenge": [
        swap("llmkg:curator", "llmkg:stated", on="claim:doubt"),
        swap('"medium"', '"high"', on="claim:doubt"),
        swap("llmkg:isPreferred false", "llmkg:isPreferred true", on="claim:doubt"),
        swap("llmkg:prompting", "llmkg:pre-trained", on="system:tutor"),
        swap("llmkg:BehavioralChallenge", "llmkg:DesignChallenge", on="challenge:hallucination"),
    ],
    "inferred, low, supporting, fine-tuned, science challenge": [
        swap("llmkg:curator", "llmkg:inferred", on="claim:doubt"),
        swap('"medium"', '"low"', on="claim:doubt"),
        swap("llmkg:doubts", "llmkg:supports", on="claim:doubt"),
        swap("llmkg:prompting", "llmkg:fine-tuned", on="system:tutor"),
        swap("llmkg:BehavioralChallenge", "llmkg:ScienceChallenge", on="challenge:hallucination"),
    ],
    "stated elsewhere, evaluation, old arXiv id, one author, http": [
        swap("llmkg:curator", "llmkg:stated-elsewhere", on="claim:doubt"),
        swap("llmkg:prompting", "llmkg:evaluation", on="system:tutor"),
        swap('"2307.10169"', '"math.GT/0309136"', on="paper:cited"),
        swap("Ada Author; Ben Writer", "Ada Author", on="paper:cited"),
        swap('"https:', '"http:', on="paper:cited"),
    ],
    "left out": [
        drop('llmkg:confidence "medium"', on="claim:doubt"),
        drop("llmkg:isPreferred false", on="claim:doubt"),
        drop("llmkg:page 12", on="section:figure-1"),
        drop("llmkg:withinSection section:results", on="section:figure-1"),
        drop("llmkg:releaseMonth 6", on="dataset:books"),
        drop("llmkg:tokens 400", on="dataset:books"),
        drop("llmkg:architecture llmkg:decoder-only", on="model:listed"),
        drop("llmkg:hasCode true", on="model:listed"),
        drop('llmkg:arxivId "2307.10169"', on="paper:cited"),
        drop('llmkg:authorList "Ada Author; Ben Writer"', on="paper:cited"),
        drop("llmkg:hasMoreAuthors true", on="paper:cited"),
        drop("llmkg:year 2023", on="paper:cited"),
        drop("llmkg:adaptation llmkg:prompting", on="system:tutor"),
    ],
}

TARGETS = {
    "AlternativeLabel": "Application Challenge Constraint Dataset Mitigation Model Organization Source System",
    "Application": "Application",
    "BilingualLabel": "Application Challenge Claim Constraint Dataset Import Mitigation Organization Section Source",
    "Challenge": "Challenge",
    "Claim": "Claim",
    "ClaimInStep": "Claim",
    "Constraint": "Constraint",
    "Dataset": "Dataset",
    "Definition": "Application Challenge Constraint Dataset Mitigation Organization Source",
    "Import": "Import",
    "Imported": "subjects of importedIn",
    "Mitigation": "Mitigation",
    "Model": "Model",
    "Name": "Model Paper System",
    "NotItself": "subjects of differsFrom subjects of kindOf subjects of withinSection",
    "Organization": "Organization",
    "Paper": "Paper",
    "Section": "Section",
    "System": "System",
    "Work": "Paper Source",
    **{f"Claimed-{link}": f"subjects of {link}" for _, link, _ in LINKS},
}
ALTERNATIVES = {
    "Challenge": [
        "class BehavioralChallenge",
        "class DesignChallenge",
        "class ScienceChallenge",
        "property minCount 1 path subChallengeOf",
    ],
    "Claim": ["property minCount 1 path claimObject", "property minCount 1 path claimValue"],
}
NO_CONSTRAINT = {SH.message, SH.path, SH.property, SH.targetClass, SH.targetSubjectsOf}


@pytest.fixture(scope="module")
def graph(kg) -> Callable[[str], Data]:
    """Return a function that gives a graph of some Turtle, with the classes of the ontology known."""
    classes = [
        triple
        for triple in kg.triples("ontology")
        if triple.predicate.value in (str(RDF.type), str(RDFS.subClassOf))
        and getattr(triple.object, "value", "").startswith(PREFIX["llmkg"])
    ]
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIX.items())

    return lambda text: Data([*parse_text(prefixes + text, RdfFormat.TURTLE, "facts")[0], *classes])


@pytest.fixture(scope="module")
def check(kg, graph) -> Check:
    """Return a function that gives the findings in some Turtle."""
    shapes = read_shapes(map(Path, kg.pack.shapes))

    def findings(text: str) -> list[Finding]:
        return check_shapes(graph(text), shapes, PREFIX)

    return findings


@pytest.fixture(scope="module")
def shapes(kg) -> rdflib.Graph:
    """Return all shapes as one graph."""
    graph = rdflib.Graph()
    for path in map(Path, kg.pack.shapes):
        graph.parse(path)
    return graph


def constraints(shapes: rdflib.Graph) -> Iterable[tuple[rdflib.URIRef, str]]:
    """Yield each named shape with each of its constraint parameters; a SPARQL constraint stands for itself."""
    for shape in {*shapes.subjects(RDF.type, SH.NodeShape), *shapes.subjects(RDF.type, SH.PropertyShape)}:
        for predicate, value in shapes.predicate_objects(shape):
            if predicate.startswith(str(SH)) and predicate not in NO_CONSTRAINT:
                yield (value if predicate == SH.sparql else shape), local_name(predicate)


def words(shapes: rdflib.Graph, node: rdflib.term.Node) -> str:
    """Return a shape without a name as text."""
    if not isinstance(node, rdflib.BNode):
        return local_name(str(node))
    return " ".join(sorted(f"{local_name(p)} {words(shapes, o)}" for p, o in shapes.predicate_objects(node)))


def test_the_good_graph_conforms(check) -> None:
    assert check(GOOD) == []


@pytest.mark.parametrize("edits", STILL_GOOD.values(), ids=STILL_GOOD)
def test_what_the_constraints_allow(check, edits: list[Edit]) -> None:
    text = GOOD
    for edit in edits:
        text = edit.apply(text)
    assert check(text) == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_constraint_finds(check, case: Case) -> None:
    expected = key(case.focus, case.path, case.parameter)
    found = check(case.edit.apply(GOOD))
    assert sorted((f.focus, f.path, parameter(f)) for f in found) == sorted([expected, *case.edit.also])
    for finding in found:
        if (finding.focus, finding.path, parameter(finding)) == expected:
            messages = dict(finding.remedies)
            assert messages.keys() == {"en", "zh"}
            assert messages["en"].startswith(case.message)
            assert CHINESE.search(messages["zh"])
            assert finding.severity == "error"


@pytest.fixture(scope="module")
def agree(kg, graph) -> Callable[[str], int]:
    """Return a function that holds the reports of both engines on some Turtle equal, and counts the results."""
    shapes = read_shapes(map(Path, kg.pack.shapes))

    def agreed(text: str) -> int:
        ours, reference = (Counter(map(str, run_shapes(graph(text), shapes, e))) for e in ("llmkg", "pyshacl"))
        assert ours == reference
        return ours.total()

    return agreed


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=str)
def test_both_engines_agree_on_a_constraint(agree, case: Case) -> None:
    assert agree(case.edit.apply(GOOD)) == 1 + len(case.edit.also)


def test_both_engines_agree_on_all_edits_that_can_be_made_together(agree) -> None:
    left = list(CASES)
    rounds = 0
    while left:
        text, fitting = GOOD, []
        for case in left:
            try:
                text = case.edit.apply(text)
            except (AssertionError, ValueError):
                continue
            fitting.append(case)
        left = [case for case in left if case not in fitting]
        assert agree(text) >= min(len(fitting), 8)
        rounds += 1
    assert rounds < 20


def test_every_constraint_has_a_case(shapes) -> None:
    found = Counter((local_name(shape), parameter) for shape, parameter in constraints(shapes))
    assert found == Counter({(case.shape, case.parameter) for case in CASES})
    assert found.total() == 183


def test_the_shapes_without_a_name_are_alternatives(shapes) -> None:
    of_names = [value for shape, value in shapes.subject_objects(SH.property) if isinstance(shape, rdflib.URIRef)]
    assert [value for value in of_names if isinstance(value, rdflib.BNode)] == []
    found = {
        local_name(shape): sorted(words(shapes, node) for node in Collection(shapes, alternatives))
        for parameter in (SH["or"], SH.xone)
        for shape, alternatives in shapes.subject_objects(parameter)
    }
    assert found == ALTERNATIVES


def test_every_shape_with_a_constraint_has_a_message_in_english_and_chinese(shapes) -> None:
    for constraint, _ in constraints(shapes):
        shape = shapes.value(predicate=SH.sparql, object=constraint) or constraint
        messages = sorted((message.language, str(message)) for message in shapes.objects(shape, SH.message))
        assert [language for language, _ in messages] == ["en", "zh"], shape
        assert [bool(CHINESE.search(text)) for _, text in messages] == [False, True], shape


def test_a_sparql_constraint_leaves_the_message_to_its_shape(shapes) -> None:
    # Jena takes one message at most on the constraint itself, and would not load the shapes; on a shape, any number.
    written = list(shapes.subjects(RDF.type, SH.SPARQLConstraint))
    assert len(written) == 8
    assert [node for node in written if shapes.value(node, SH.message) is not None] == []


def test_the_rules_for_links_differ_only_in_the_link(shapes) -> None:
    rules = {str(node): str(select) for node, select in shapes.subject_objects(SH.select) if "Claimed-" in node}
    assert len(rules) == 6
    assert len({text.replace(node.split("-")[1], "") for node, text in rules.items()}) == 1


def test_the_targets_are_these(shapes) -> None:
    targets = {}
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        classes = [local_name(target) for target in shapes.objects(shape, SH.targetClass)]
        subjects = [f"subjects of {local_name(link)}" for link in shapes.objects(shape, SH.targetSubjectsOf)]
        targets[local_name(shape)] = " ".join(sorted(classes + subjects))
    assert targets == TARGETS
