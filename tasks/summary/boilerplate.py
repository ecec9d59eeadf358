"""Sentences around an article that are not of it: credits, links, appeals to the reader, notes of the newsroom.

Summarisation models learnt from web pages, and write such sentences where nothing of the kind was said; articles hold
them too. Each pattern wants the form of an address to the reader or of a credit, not the subject alone: a news item on
a helpline or on a photographer is not boilerplate.
"""

from __future__ import annotations

import re

_AGENCY = (
    r"(?:the )?(?:associated press|ap|afp|agence france[- ]presse|reuters|bloomberg|dpa|efe|press association|pa media|"
    r"cnn|bbc|the canadian press)"
)
#: Of a report, somebody may tell; of "this article" and "this story", hardly anybody but its makers.
_STORY = r"(?:story|article)\b"
_MONTH_OR_DAY = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|today|yesterday)"
#: Nothing but capitalised names and what stands between them, to the end: a sentence has a verb, a credit has none.
_NAME = r"(?-i:[A-ZÀ-Þ@][\w.'’-]*)"
_BETWEEN = (
    r"(?:and|for|of|in|at|from|the|via|de|du|des|la|le|van|von|der|den|el|al|bin|"
    r"(?:additional |further )?(?:reporting|writing|editing|photos?|video|production|research) by)\b"
)
_NAMES = rf"(?:the )?{_NAME}(?:[\s,;/&()]+(?:{_NAME}|{_BETWEEN}))*\W*$"
#: Whom a reader should turn to: "call the", "text 85258", "visit Mind", but not "text messages".
_WHOM = r"(?:the|our|us|your|on|www\b|https?:|[\d+(]|[\w.+-]+@|[\w-]+\.(?:org|com|uk|fr|eu|net)\b|(?-i:[A-ZÀ-Þ])\w)"
_TURN_TO = rf"(?:please )?(?:call|ring|phone|text|contact|visit|dial) (?={_WHOM})"
_HELPLINE = r"(?:samaritans|helpline|hotline|lifeline|crimestoppers)\b"
#: As they are written to be dialled; a count of people begins with neither a plus nor a nought.
_PHONE = r"(?:\+\d[\d ()-]{5,}|\(?\b0\d[\d ()-]{6,}|\b\d{1,3}-\d{3}-\d{3,})"

#: From the start of the sentence, brackets and bullets apart.
_OPENINGS = (
    # Credits and labels.
    r"(?:(?:file |cover |main )?(?:photo|photograph|picture|image|video|illustration|graphic|infographic|caption)s?"
    r"(?: (?:credits?|source|courtesy))?|credits?|sources?|copyright|reading time|topics?|tags?|keywords?|by|with)"
    r"\s*(?::|/|©)",
    r"(?:photo|photograph|picture|image|video|illustration|graphic|infographic)s? "
    rf"(?:courtesy of\b|credit\b|by {_NAMES})",
    rf"(?:©|\(c\)|copyright (?:©|\(c\)|\d{{4}}|reserved|(?:of|by) {_NAMES}))",
    rf"by {_NAME}(?: {_NAME}){{0,3}}(?:, for| for| in| /) {_NAMES}",
    rf"\(?with {_AGENCY}(?: and {_AGENCY})?\W*$",
    rf"{_AGENCY}[.)]*$",
    # Where all is in capitals, they show no names.
    r"(?=(?-i:\w[a-z]))(?:additional |further )?(?:reporting|writing|editing|research|production) by " + _NAMES,
    r"(?:getty images|shutterstock|istock(?:photo)?)\W*$",
    # Links and appeals.
    r"(?:to )?(?:click|tap|swipe|scroll) (?:here|down|below|(?:on|through|to|the|this|our)\b.{0,80}\b(?:here|down|"
    r"below|button|link|video|image|photo|pictures?|gallery))\b",
    r"(?:to )?(?:read|see|watch|listen)(?: to)?(?: it| this)?(?: also| more| too)?\s*(?::|/|>)",
    r"(?:read|see|watch) (?:more(?! (?:than|widely|often)\b)|also|the full (?:story|article|video|interview|report)|"
    r"our (?:live|full|special))\b",
    r"(?:to )?read (?:the rest|our (?:full|other))\b",
    r"to (?:read|see|watch) (?:also\b|more(?:\W*$| (?:on|about|here)\b))",
    r"(?:please )?(?:watch|see|view) (?:the|this|our) (?:video|gallery|slideshow|photos?|pictures?)\b.{0,30}"
    r"(?:above|below|here|online|[.!]$)",
    r"(?:please )?(?:(?:follow|join|find) (?:us|me|our page|@\w+) (?:on|at|and|for|via)|"
    r"like (?:us|me|our page|@\w+) on(?! the))\b",
    r"(?:please )?(?:follow|find|join) (?!(?:him|her|them|his|their)\b)(?:[\w.@]+ ){1,4}on (?:twitter|facebook|x|"
    r"instagram|youtube|linkedin|threads|tiktok|bluesky|mastodon|whatsapp)\b",
    r"(?:please )?(?:share|tell) (?:us|your|this (?:article|story|page|post))\b",
    r"(?:please )?(?:sign up|subscribe|register|log in)(?= (?:here|now|today|free|to|for|and|with|at|via|by)\b)"
    r".{0,60}\b(?:newsletter|alerts?|here|now|today|free|podcast|channel|our|e-?mail|inbox|to (?:read|continue))\b",
    r"(?:please )?(?:visit|go to|check out|head to|turn to)\b.{0,80}\b(?:web ?site|web ?page|www\b|homepage|\w+\.com)",
    r"(?:for|to (?:find out|learn|see|get|know)) (?:more|further|full|additional)"
    r"(?: (?:information|details|news|stories))?(?: (?:on|about)\b[^,]{1,60})?,? "
    r"(?:please )?(?:visit|go to|click|see|follow|check|contact|read|call|www)\b",
    r"(?:have|do|did|are|were) you\b.{0,120}\?\s*"
    r"(?:(?:please )?(?:e-?mail|tell|contact|send|share|write|let us)\b.{0,80})?$",
    r"(?:what do you think|let us know|tell us|have your say|join the (?:conversation|discussion|debate))\b",
    r"(?:please )?(?:e-?mail|contact|write to) (?:us|the (?:newsroom|author|reporter|editor)|him at|her at|[\w.+-]+@)",
    # Helplines.
    r"for (?:(?:confidential|more|further|free|emotional|immediate) )*(?:help|support|advice|counselling|information)"
    rf"(?: (?:on|about|with|in|and|or)\b[^,]{{1,60}})?,? {_TURN_TO}",
    rf"if you (?:need|want|would like|are|have|feel|or)\b.{{0,160}}\b{_TURN_TO}.{{0,120}}"
    rf"(?:\b{_HELPLINE}|{_PHONE}|www\b|\.org|\.com|\.uk|confidential)",
    rf"(?:in the [\w. ]{{2,20}},? )?{_TURN_TO}.{{0,80}}(?:\b{_HELPLINE}|{_PHONE})",
    r"(?:the )?(?:samaritans|national suicide prevention (?:life|help)line)\b.{0,60}\b(?:can be|is|are) (?:reached|"
    r"available|contacted|there)\b",
    r"anyone (?:with|who has|who had) (?:any )?(?:information|details)\b.{0,60}\b(?:call|contact|ring|phone)\b",
    # Notes of the newsroom.
    rf"this {_STORY} (?:(?:first|originally) appeared|contains\b.{{0,40}}\blinks|(?:was|is|has been|have been|will be|"
    r"may be)\b.{0,40}\b(?:published|updated|written|amended (?:on|at|to)|corrected|produced|translated|edited|"
    r"copyright|reproduced|subscribers|permission)\b)",
    rf"(?:an earlier|a previous|the original) version of this {_STORY}",
    r"(?:first |last |originally )?(?:published|updated|posted|modified)(?:(?: on| at|:)+) ?(?:the )?"
    rf"(?:\d|{_MONTH_OR_DAY})(?!.*\b(?:is|are|was|were|has|have|had|shows?|said)\b)[^,]{{0,60}}$",
    r"(?:this is a |a )?(?:breaking|developing)(?: news)? story\b|(?:please )?check back\b",
    r"(?:correction|clarification|editor['’]s note|note to (?:readers|editors)|disclaimer)\s*:",
    r"(?:advertisement|advertising|sponsored content|loading|most read|trending|comments?|share|print|"
    r"related(?: (?:articles|stories|content))?|newsletter|skip to (?:main )?content|back to top)\W*$",
    r"(?:summary|article|tl;?dr|headline|abstract|title|key points|highlights)\s*:",
    r"here (?:is|are) (?:a|the|your) (?:short |brief |concise )?(?:summary|summaries|highlights)\b",
    r"(?:this|the) (?:article|story|content|page) is (?:reserved|available only|only available)?(?: ?(?:to|for))? "
    r"(?:our )?(?:subscribers|members)\b|this (?:web ?)?site uses cookies",
)
#: Anywhere in the sentence.
_ANYWHERE = (
    r"\ball rights reserved\b",
    # "Two hundred scientists contributed to this report" has no name there.
    # A search begins at the beginning of a name alone, or every letter of "A.A.A.A" would have the rest read once more.
    rf"\b(?<![\w.-])(?<![\w.-]['’]){_NAME} (?:also )?contributed to this "
    r"(?:\w+ )?(?:report|story|article|dispatch|piece)\b",
    # What a law or a judge forbids is forbidden for other things.
    r"\bthis (?:material|content|article|story|page) (?:may|must|can)(?:not| not) be\b",
    r"\b(?:may|must|can)(?:not| not) be\b.{0,60}\b(?:rewritten|redistributed)\b",
    r"(?:^|[,;:(–—-] ?|\bplease )(?:scroll down|click (?:here|on the (?:link|image|photo|video)))\b",
    r"\bin the (?:video|gallery|player) (?:above|below)\b(?! (?:the|a|an|his|its)\b)",
    r"\b(?:cnn(?:\.com)?|mailonline|cnn student news|ireport(?:er)?s?)\b.{0,40}"
    r"\b(?:will feature|features|invites?|is running)\b",
    r"\bour (?:web ?site|readers|newsletter)\b.{0,40}\b(?:will feature|features|invites?|wants?|would like|asks?)\b",
    r"\bcnn ?(?:student news|ireport)|\bireporters?\b",
    r"\b(?:opinions?|views) expressed (?:here|in this|by the author|are)\b.{0,60}\b(?:are|is)? ?(?:solely |only )?"
    r"(?:those|that|his|hers|her own|their own|the author)",
    r"\b(?:e-?mail|send|tweet|share)(?: us)? your (?:stories|photos|videos|thoughts|views|comments|pictures|questions)",
    r"\b(?:in|leave|share|post|add)\b.{0,40}\bthe comments? (?:section )?below\b|\bcomments below\b",
    r"\bback to the page you came from\b|\bread the full (?:story|article) (?:at|on|here|in)\b",
    r"\bbelow (?:is|are) (?:a|the) (?:transcript|gallery|video|list of links)\b",
    r"(?:[/©(:|]|\bvia) ?(?:getty images|shutterstock|istock(?:photo)?)\b",
    r"\bfollow us on\b|\bour (?:use of )?cookies\b|\byou (?:accept|agree to|consent to)\b.{0,30}\bcookies\b",
)
# No quotation marks: what is quoted at the start of a sentence, somebody in the news said.
_LEADING = "([*_-–—•▪> "
_OPENS = re.compile("|".join(f"(?:{pattern})" for pattern in _OPENINGS), re.IGNORECASE | re.DOTALL)
_HAS = re.compile("|".join(f"(?:{pattern})" for pattern in _ANYWHERE), re.IGNORECASE | re.DOTALL)


def is_boilerplate(sentence: str) -> bool:
    """Whether an English sentence speaks to the page's reader or credits its makers, instead of telling the news."""
    return bool(_OPENS.match(sentence.strip().lstrip(_LEADING)) or _HAS.search(sentence))
