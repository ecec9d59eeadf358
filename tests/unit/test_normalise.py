"""Models get one spelling of spaces, quotes and apostrophes, and nothing that cannot be seen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tasks.normalise import for_model, has_letters
from tasks.translation.figures import clock_times, english_numbers
from tasks.typography import typographic

#: The flag is a black one, and tags that spell gbsct.
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Le port\nest  fermé.\t", "Le port est fermé."),
        ("Le port\r\nest fermé.", "Le port est fermé."),
        ("12\u00a0000 habitants, 12\u202f000 euros, 12 000 arbres", "12 000 habitants, 12 000 euros, 12 000 arbres"),
        ("Est-ce loin\u202f?", "Est-ce loin ?"),
        ("«\u202fNous partons\u00a0», dit-elle.", '"Nous partons", dit-elle.'),
        ("« Nous partons », dit-elle.", '"Nous partons", dit-elle.'),
        ("Elle a dit « oui ».", 'Elle a dit "oui".'),
        ("“Nous partons”", '"Nous partons"'),
        ("<< Nous partons >>, dit-elle.", '"Nous partons", dit-elle.'),
        ("<<Nous partons>>, dit-elle, <<et vite>>.", '"Nous partons", dit-elle, "et vite".'),
        (">> Nous partons <<, dit-elle.", '"Nous partons", dit-elle.'),
        ("<< Nous partons demain.", '"Nous partons demain.'),
        ("Et sans regret >>, dit-elle.", 'Et sans regret", dit-elle.'),
        (">> Lire aussi notre dossier", ">> Lire aussi notre dossier"),
        ("Accueil >> Sports", "Accueil >> Sports"),
        ("L’été de l’an dernier", "L'été de l'an dernier"),
        ("\ufeffLe\u200bport \u202aest\u202c fer\u00admé.", "Leport est fermé."),
        ("e\u0301te\u0301", "été"),
        ("Une porte-\nfenêtre", "Une porte- fenêtre"),
        ("Du\x00 bruit\x07", "Du bruit"),
        (" \u200b \u00a0", ""),
        ("Rien à changer : 3,5 % (soit 2/3).", "Rien à changer : 3,5 % (soit 2/3)."),
    ],
)
def test_one_spelling(sentence: str, expected: str) -> None:
    """White space, quotes, apostrophes and invisible characters get one form; all else stays."""
    assert for_model(sentence) == expected


@given(st.text())
def test_normalising_twice_changes_nothing_more(sentence: str) -> None:
    """The result is one line of NFC and its own normal form."""
    once = for_model(sentence)
    assert for_model(once) == once
    assert len(once.splitlines()) <= 1
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # Ligatures of PDF text.
        ("La cérémonie oﬃcielle prend ﬁn.", "La cérémonie officielle prend fin."),
        ("Un conﬂit eﬀacé, une coiﬀure, un aﬄux.", "Un conflit effacé, une coiffure, un afflux."),
        ("Le ﬅade et le poﬆe", "Le stade et le poste"),
        ("Un bœuf, Œdipe, une ægagropile", "Un bœuf, Œdipe, une ægagropile"),
        # Full-width and mathematical letters, units in one character.
        ("Ｌｅ　ｐｏｎｔ　（ｄｅ　Ｂｒｉｇｎａｃ）", "Le pont (de Brignac)"),
        ("１２　０００　€", "12 000 €"),
        ("𝐋𝐞 𝑝𝑜𝑛𝑡 𝗋𝗈𝗎𝗏𝗋𝖾 𝟙𝟚", "Le pont rouvre 12"),
        ("𝓛𝓪 𝔣𝔦𝔫", "La fin"),
        ("3 ㎞, 5 ㎏ et 20 ㎡", "3 km, 5 kg et 20 m2"),
        ("Il fait 20 ℃, soit 68 ℉.", "Il fait 20 °C, soit 68 °F."),
        ("Le train № 8", "Le train n° 8"),
        # These mean something by their form.
        ("5ᵉ étage, 20 m², ½ litre, 3ᵗʰ", "5ᵉ étage, 20 m², ½ litre, 3ᵗʰ"),
        ("Dane™ et Roy® © 2020…", "Dane™ et Roy® © 2020…"),
        ("H₂O et CO₂", "H₂O et CO₂"),
        # What nobody sees.
        ("of\u00adfi\u00adciel", "officiel"),
        ("le gouver\u00ad\nnement", "le gouvernement"),
        ("le gouver\u00ad  \r\n  nement", "le gouvernement"),
        ("le\u200b pont\u200c \u2060rouvre\ufeff", "le pont rouvre"),
        ("\u200fle pont\u200e \u2067rouvre\u2069", "le pont rouvre"),
        ("le\u2009pont\u2003rou\u00advre\u2028ici", "le pont rouvre ici"),
        # Entities of web pages, written once or twice.
        ("L&rsquo;&eacute;cole rouvre.", "L'école rouvre."),
        ("&laquo;&nbsp;Enfin&nbsp;!&nbsp;&raquo;, dit-il.", '"Enfin !", dit-il.'),
        ("&ldquo;Enfin&rdquo; &ndash; dit-il &mdash; oui&hellip;", '"Enfin" – dit-il — oui…'),
        ("&Agrave; midi, 12&#160;000 personnes, 5&nbsp;&euro;", "À midi, 12 000 personnes, 5 €"),
        ("Roy &amp; fils, 3 &lt; 5 &gt; 2", "Roy & fils, 3 < 5 > 2"),
        ("&#233;t&#xE9; &#x1F389;", "été 🎉"),
        ("&amp;eacute;t&amp;amp;eacute; &AMP;nbsp;", "été"),
        ("l&#39;&oelig;uvre &quot;libre&quot;", 'l\'œuvre "libre"'),
        ("Roy & fils ; R&D ; AT&T ; a=1&copy=2", "Roy & fils ; R&D ; AT&T ; a=1&copy=2"),
        ("&brignac; &; &#; &#x;", "&brignac; &; &#; &#x;"),
        # Emoji stay whole.
        ("Bravo 👨\u200d👩\u200d👧\u200d👦 !", "Bravo 👨\u200d👩\u200d👧\u200d👦 !"),
        ("👩🏽\u200d🚒 et 🧑\u200d⚖️", "👩🏽\u200d🚒 et 🧑\u200d⚖️"),
        ("❤️\u200d🔥 ❤️ 👍🏿", "❤️\u200d🔥 ❤️ 👍🏿"),
        ("🇫🇷 contre 🇨🇭", "🇫🇷 contre 🇨🇭"),
        (SCOTLAND, SCOTLAND),
        ("fin\u200d 🎉\u200d fin", "fin 🎉 fin"),
        ("1️⃣ Inscrivez-vous", "1️⃣ Inscrivez-vous"),
        # Letters and their accents apart, as some systems store them.
        ("L\u2019e\u0301te\u0301 a\u0300 Nic\u0327a, la\u0302che nai\u0308f", "L'été à Niça, lâche naïf"),
        ("U\u0302 E\u0301 o\u0308", "Û É ö"),
    ],
)
def test_typography_of_other_sources(sentence: str, expected: str) -> None:
    """PDF text, web pages, phones and old systems: the model gets plain letters, and what means something stays."""
    assert for_model(sentence) == expected


@given(st.text())
def test_no_letter_or_digit_is_lost(sentence: str) -> None:
    """What a reader reads is what the model gets, entities apart."""
    assume("&" not in sentence)

    def plain(text: str) -> list[str]:
        return [c for c in unicodedata.normalize("NFKC", text) if c.isalnum()]

    visible = "".join(c for c in sentence if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    assert plain(for_model(sentence)) == plain(visible)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oui", True),
        ("é", True),
        ("日本", True),
        ("12 %", False),
        ("* * *", False),
        ("", False),
        ("—", False),
        ("G7", True),
    ],
)
def test_has_letters(text: str, expected: bool) -> None:
    """Only text with a letter is worth a model's time."""
    assert has_letters(text) is expected


@pytest.mark.parametrize(
    ("french", "english", "expected"),
    [
        ("8,4 km", "8,4 km", "8.4 km"),
        ("1,70 euro", "It costs 1,70 euros.", "It costs 1.70 euros."),
        ("12 000 foyers", "12 000 homes", "12,000 homes"),
        ("100.000 sociétés", "100.000 companies", "100,000 companies"),
        ("1 234,5 tonnes", "1 234,5 tonnes", "1,234.5 tonnes"),
        ("3,5 % et 3,5 %", "3,5% and 3.5%", "3.5% and 3.5%"),
        ("de 9 h à 18 h", "from 9:00 a.m. to 18:00 p.m.", "from 9:00 a.m. to 18:00."),
        ("à 18 h 30, oui", "at 18:30 pm or 18:30 p.m., yes", "at 18:30 or 18:30, yes"),
        # The model's own numbers, and those that mean the same in both languages.
        ("12 000 foyers", "12,000 homes", "12,000 homes"),
        ("3.8 milliards en 2024", "3.8 billion in 2024", "3.8 billion in 2024"),
        ("rien", "8,4 km", "8,4 km"),
        ("3,141 mètres", "3,141 metres", "3,141 metres"),
        ("le 14.07.1789", "on 14.07.1789", "on 14.07.1789"),
        ("la version 2.0.100", "version 2.0.100", "version 2.0.100"),
        ("au 01 23 45 67 89", "at 01 23 45 67 89", "at 01 23 45 67 89"),
        # Addresses, telephone and register numbers, and lists count nothing.
        ("l'adresse 192.168.100.200", "the address 192.168.100.200", "the address 192.168.100.200"),
        ("au 0 800 123 456", "at 0 800 123 456", "at 0 800 123 456"),
        ("le code 1 234.567", "the code 1 234.567", "the code 1 234.567"),
        ("SIREN : 552 100 554", "SIREN: 552 100 554", "SIREN: 552 100 554"),
        ("le RCS Lons 552 100 554", "the RCS Lons 552 100 554", "the RCS Lons 552 100 554"),
        ("552 100 554 euros", "552 100 554 euros", "552,100,554 euros"),
        ("les lots 1,2 et 3", "lots 1,2 and 3", "lots 1,2 and 3"),
        ("entre 1,2 et 3 millions", "between 1,2 and 3 million", "between 1.2 and 3 million"),
        ("1 234 567 890 123 étoiles", "1 234 567 890 123 stars", "1,234,567,890,123 stars"),
        ("0,8 et 2,5 %", "0,8 and 2,5%", "0.8 and 2.5%"),
    ],
)
def test_english_numbers(french: str, english: str, expected: str) -> None:
    """A number copied in its French form gets its English one; no other is touched."""
    assert english_numbers(english, french) == expected


@pytest.mark.parametrize(
    ("french", "expected"),
    [
        ("Le séisme a eu lieu à 8 h 46.", "Le séisme a eu lieu à 8:46."),
        ("Ouvert à 18h30 ou 18 h 30 min.", "Ouvert à 18:30 ou 18:30."),
        ("Rendez-vous à 18 h, puis vers 20h.", "Rendez-vous à 18:00, puis vers 20:00."),
        ("Ouvert de 9 h à 18 h.", "Ouvert de 9:00 à 18:00."),
        ("De 8 h 30 à 10 h 15.", "De 8:30 à 10:15."),
        (
            "À 6 h du matin, à 8 h 30 du soir, à 3 h de l'après-midi.",
            "À 6:00 du matin, à 8:30 du soir, à 3:00 de l'après-midi.",
        ),
        ("Ouvert de 9 h à 18 h du lundi au samedi.", "Ouvert de 9:00 à 18:00 du lundi au samedi."),
        ("De 8 h à 10 h 30 (à 18 h 30 le soir).", "De 8:00 à 10:30 (à 18:30 le soir)."),
        # Lengths of time, speeds, and what is not a time of day.
        ("Il a couru en 2 h 30.", "Il a couru en 2 h 30."),
        ("Un trajet de 1 h 45, ou 1 h 30 de train.", "Un trajet de 1 h 45, ou 1 h 30 de train."),
        ("35 h par semaine, 24 h sur 24, à 90 km/h.", "35 h par semaine, 24 h sur 24, à 90 km/h."),
        ("À 25 h 10 et 8 h 75.", "À 25 h 10 et 8 h 75."),
    ],
)
def test_times_of_day(french: str, expected: str) -> None:
    """Times get the form that models know; lengths of time keep theirs."""
    assert clock_times(french) == expected


@pytest.mark.parametrize(
    "french",
    [
        "Le village est à 2 h 30 de Paris, à 2 h 30 minutes de Lons.",
        "Il est parti dès 6 h 30 d'Orléans.",
        "C'est à 3 h de route, à 2 h de Paris, à 2 h de la mer, à 2 h du centre.",
        "C'est à 1 h en train, à 1 h 30 à pied.",
        "Il travaille jusqu'à 12 h par jour, de 8 h à 10 h par jour.",
        "Le trajet dure de 2 h à 3 h, ou entre 2 h et 3 h de route.",
        "Il pleut toutes les 2 h 30.",
        "Un film (2h10) et un autre [1 h 50].",
        "Il revient 1 h 30 plus tard, 2 h 30 après le départ.",
        "Il faut de 1,5 h à 2 h.",
    ],
)
def test_lengths_of_time_stay(french: str) -> None:
    """What is, or may be, a length of time is never made a time of day."""
    assert clock_times(french) == french


@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ('"We are leaving," she said.', "“We are leaving,” she said."),
        ('She said: "We are leaving."', "She said: “We are leaving.”"),
        ("It's the mayor's, the workers' and O'Brien's.", "It’s the mayor’s, the workers’ and O’Brien’s."),
        ("'Tis the '90s, rock 'n' roll and the 1990's.", "’Tis the ’90s, rock ’n’ roll and the 1990’s."),
        ("\"He said 'no' to me.\"", "“He said ‘no’ to me.”"),
        ("\"'No' is 'no'\"", "“‘No’ is ‘no’”"),
        ('He said " yes " and left.', "He said “yes” and left."),
        ("« Yes », he said.", "“Yes”, he said."),
        ('("Yes")', "(“Yes”)"),
        # A quotation of several sentences: each has one of its marks.
        ('"We are leaving.', "“We are leaving."),
        ('We are back."', "We are back.”"),
        ('It ended in 2024".', "It ended in 2024”."),
        ('"In 2024" is the title.', "“In 2024” is the title."),
        # Feet and inches.
        ('He is 6\'2" tall, with a 12" record.', 'He is 6\'2" tall, with a 12" record.'),
        ("(10') and the 10' mark", "(10') and the 10' mark"),
        ("He is 6'.", "He is 6'."),
        ('At 6", then 7".', 'At 6", then 7".'),
        ("He is 5'10\".", "He is 5'10\"."),
        ('“Room 101".', "“Room 101”."),
        ('It cost 12,000".', "It cost 12,000”."),
        ('x="1"', "x=“1”"),
        ("''quoted''", "“quoted”"),
        ("'Cause and effect' is the title.", "‘Cause and effect’ is the title."),
        ("'Cause I like rock 'n' roll.", "’Cause I like rock ’n’ roll."),
        ("he said:'no'", "he said:‘no’"),
        ('The ("note:") is', "The (“note:”) is"),
        # An address does not get the mark behind it, nor a word the dots before another.
        ("see http://a.fr/?a=1 : b", "see http://a.fr/?a=1 : b"),
        ("He said : ... well", "He said: ... well"),
        ("50 % of it , she said ; why ?", "50% of it, she said; why?"),
        ("Yes ! No : never .", "Yes! No: never."),
        ("Well… the 2 : 1 of .NET and .5", "Well… the 2 : 1 of .NET and .5"),
        ("1,200.5 and 8:46", "1,200.5 and 8:46"),
        ("“Already ‘typographic’ it’s”", "“Already ‘typographic’ it’s”"),
        ("", ""),
    ],
)
def test_typographic(english: str, expected: str) -> None:
    """English gets its own quotation marks, apostrophes and spaces; figures stay."""
    assert typographic(english) == expected


@given(st.text() | st.text(alphabet="\"'“”‘’«» .,;:!?%a1s-(=/\u00a0"))
def test_typography_twice_is_typography_once(english: str) -> None:
    """The result is its own typographic form, and has no guillemets."""
    once = typographic(english)
    assert typographic(once) == once
    assert not set("«»") & set(once)


@given(st.text())
def test_typography_changes_no_word(english: str) -> None:
    """Letters and figures all stay, in order."""
    assert [c for c in typographic(english) if c.isalnum()] == [c for c in english if c.isalnum()]
