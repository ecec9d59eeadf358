"""Sentences around an article that are not of it: credits, links, appeals to the reader, notes of the newsroom.

Summarisation models learnt from web pages, and write such sentences where nothing of the kind was said; articles hold
them too. Each pattern wants the form of an address to the reader or of a credit, not the subject alone: a news item on
a helpline or on a photographer is no boilerplate.
"""

from __future__ import annotations

import re

_AGENCY = (
    r"(?:the )?(?:associated press|ap|afp|agence france[- ]presse|reuters|bloomberg|dpa|efe|press association|pa media|"
    r"cnn|bbc|the canadian press)"
)
_REPORT = r"(?:report|story|article|dispatch|piece)\b"

#: From the start of the sentence, brackets, quotes and bullets apart.
_OPENINGS = (
    # Credits and labels.
    r"(?:(?:file |cover |main )?(?:photo|photograph|picture|image|video|illustration|graphic|infographic|caption)s?"
    r"(?: (?:credits?|source|courtesy))?|credits?|sources?|copyright|reading time|topics?|tags?|keywords?)\s*(?::|/|©)",
    r"(?:photo|photograph|picture|image|video|illustration|graphic|infographic)s? (?:by|courtesy of|credit)\b",
    r"(?:©|\(c\)|copyright (?:©|\(c\)|\d{4}|reserved|of|by)\b)",
    r"by [\w.'’-]+(?: [\w.'’-]+){0,3}(?:, for| for| in| /) [A-Z][\w .'’-]{2,30}$",
    rf"\(?with {_AGENCY}(?: and {_AGENCY})?\W*$",
    rf"{_AGENCY}[.)]*$",
    r"(?:additional |further )?(?:reporting|writing|editing|research|production) by\b",
    # Links and appeals.
    r"(?:to )?(?:click|tap|swipe|scroll)\b.{0,80}\b(?:here|down|below|button|link|video|image|photo|gallery)\b",
    r"(?:to )?(?:read|see|watch|listen)(?: to)?(?: it| this)?(?: also| more| too)?\s*(?::|/|>)",
    r"(?:read|see|watch) (?:more|also|the full (?:story|article|video|interview|report)|our (?:live|full|special))\b",
    r"(?:to )?read (?:the rest|our (?:full|other))\b|to (?:read|see|watch) (?:also|more)\b",
    r"(?:please )?(?:watch|see|view) (?:the|this|our) (?:video|gallery|slideshow|photos?|pictures?)\b.{0,30}"
    r"(?:above|below|here|online|[.!]$)",
    r"(?:please )?(?:like|follow|join|find) (?:us|@\w|our page|me)\b.{0,80}\b(?:on|at|and) ",
    r"(?:please )?(?:like|follow|find|join) (?!(?:him|her|them|his|their)\b)(?:[\w.@]+ ){1,4}on (?:twitter|facebook|x|"
    r"instagram|youtube|linkedin|threads|tiktok|bluesky|mastodon|whatsapp)\b",
    r"(?:please )?(?:share|tell) (?:us|your|this (?:article|story|page|post))\b",
    r"(?:please )?(?:sign up|subscribe|register|log in)\b.{0,60}\b(?:newsletter|alerts?|here|now|today|free|podcast|"
    r"channel|our|e-?mail|inbox|to (?:read|continue))\b",
    r"(?:please )?(?:visit|go to|check out|head to|turn to)\b.{0,80}\b(?:web ?site|web ?page|www\b|homepage|\w+\.com)",
    r"(?:for|to find out|to learn|to see|to get) (?:more|further|full|additional)\b.{0,80}\b(?:visit|go to|click|see|"
    r"follow|check|contact|read|call|www)\b",
    r"(?:have|do|did|are|were) you\b.{0,120}\?\s*"
    r"(?:(?:please )?(?:e-?mail|tell|contact|send|share|write|let us)\b.{0,80})?$",
    r"(?:what do you think|let us know|tell us|have your say|join the (?:conversation|discussion|debate))\b",
    r"(?:please )?(?:e-?mail|contact|write to) (?:us|the (?:newsroom|author|reporter|editor)|him at|her at|[\w.+-]+@)",
    # Helplines.
    r"(?:for|if you (?:need|want|would like|are|have|or))\b.{0,160}\b(?:call|ring|phone|text|contact|visit|dial)\b"
    r".{0,120}(?:samaritans|helpline|hotline|lifeline|crisis|branch|\d{3}|www\b|\.org|\.com|\.uk|confidential|details)",
    r"(?:in the [\w. ]{2,20},? )?(?:please )?(?:call|ring|phone|dial|contact)\b.{0,80}"
    r"(?:samaritans|helpline|hotline|lifeline|crimestoppers|\+?\d[\d ()-]{5,})",
    r"(?:the )?(?:samaritans|national suicide prevention (?:life|help)line)\b.{0,60}\b(?:can be|is|are) (?:reached|"
    r"available|contacted|there)\b",
    r"anyone (?:with|who has|who had) (?:any )?(?:information|details)\b.{0,60}\b(?:call|contact|ring|phone)\b",
    # Notes of the newsroom.
    rf"this {_REPORT}.{{0,20}}\b(?:was|is|has been|have been|will be|may be|contains|includes|first appeared|"
    r"originally appeared|appeared)\b.{0,40}\b(?:published|updated|written|amended|corrected|produced|reserved|adapted|"
    r"translated|edited|copyright|reproduced|appeared|subscribers|links?|permission)\b",
    rf"(?:an earlier|a previous|the original) version of this {_REPORT}",
    r"(?:first |last |originally )?(?:published|updated|posted|modified)(?: on| at|:)[^,]{0,60}$",
    r"(?:this is a |a )?(?:breaking|developing)(?: news)? story\b|(?:please )?check back\b",
    r"(?:correction|clarification|editor['’]s note|note to (?:readers|editors)|update|disclaimer)\s*:",
    r"(?:advertisement|advertising|sponsored content|loading|most read|trending|comments?|share|print|"
    r"related(?: (?:articles|stories|content))?|newsletter|skip to (?:main )?content|back to top)\W*$",
    r"(?:summary|article|tl;?dr|headline|abstract|title|key points|highlights)\s*:",
    r"here (?:is|are) (?:a|the|your) (?:short |brief |concise )?(?:summary|summaries|highlights)\b",
    r"(?:this|the) (?:article|story|report|content|page|site) (?:is|uses) "
    r"(?:reserved|available only|cookies|for subscribers)",
)
#: Anywhere in the sentence.
_ANYWHERE = (
    r"\ball rights reserved\b",
    r"\bcontributed to this (?:\w+ )?" + _REPORT,
    r"\b(?:may|must|can)(?:not| not) be (?:published|reproduced|broadcast|rewritten|redistributed)\b",
    r"\bscroll down\b|\bclick (?:here|on the (?:link|image|photo|video))\b",
    r"\bin the (?:video|gallery|player) (?:above|below)\b",
    r"\b(?:cnn(?:\.com)?|mailonline|cnn student news|ireport(?:er)?s?|our (?:web ?site|readers|newsletter))\b.{0,40}"
    r"\b(?:will feature|features|invites?|want|wants|would like|asks?|is running)\b",
    r"\bcnn ?(?:student news|ireport|\.com)|\bireporters?\b|\bmailonline\b",
    r"\b(?:opinions?|views) expressed\b.{0,60}\b(?:are|is) (?:solely |only )?"
    r"(?:those|that|his|hers|her own|their own|the author)",
    r"\b(?:e-?mail|send|tweet|share)(?: us)? your (?:stories|photos|videos|thoughts|views|comments|pictures|questions)",
    r"\b(?:in|leave|share|post|add)\b.{0,40}\bthe comments? (?:section )?below\b|\bcomments below\b",
    r"\bback to the page you came from\b|\bread the full (?:story|article) (?:at|on|here|in)\b",
    r"\bbelow (?:is|are) (?:a|the) (?:transcript|gallery|video|list of links)\b",
    r"\b(?:getty images|shutterstock|istock(?:photo)?)\b(?!.{0,20}\b(?:said|shares|sued|announced|was|is|has)\b)",
    r"\bfollow us on\b|\b(?:accept|use of|our) cookies\b",
)
_LEADING = "([*_-–—•▪>\"'“‘ "
_OPENS = re.compile("|".join(f"(?:{pattern})" for pattern in _OPENINGS), re.IGNORECASE | re.DOTALL)
_HAS = re.compile("|".join(f"(?:{pattern})" for pattern in _ANYWHERE), re.IGNORECASE | re.DOTALL)


def is_boilerplate(sentence: str) -> bool:
    """Whether an English sentence speaks to the page's reader or credits its makers, instead of telling the news."""
    return bool(_OPENS.match(sentence.strip().lstrip(_LEADING)) or _HAS.search(sentence))
