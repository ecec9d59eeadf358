"""Measure the checks on summaries: sound sentences refused, and sentences of other articles let through.

    python -m benchmarks.summary_checks [--read]

The sound ones were written for this, before the checks had seen them, on texts of ``summary_cases``: they say what the
text says in other words. The others are all sentences of the other texts, which no check should let through. For the
margin on support, both are counted at several values. ``--read`` prints what was decided wrongly.
"""

from __future__ import annotations

import argparse

from benchmarks.summary_cases import CASES
from tasks.summary import check as check_summary
from tasks.summary.check import Original

MARGINS = (0.5, 0.6, 0.7)
MIN_WORDS = 5

SUMMARIES = {
    "factory fire": """
Two workers died and nine were injured in a fire at a paint factory in Port-Cressy.
Some 1,200 residents were evacuated to two schools.
An electrical fault is believed to have caused the blaze.
80 firefighters fought the flames, which were put out at dawn.
Fishing has been banned after foam ran into the river.
The Hallart factory has 140 employees and was inspected in March.
"We are all in shock," director Paul Hennequin said.
About 1,200 people living nearby had to leave their homes.
""",
    "company results": """
Orvane will cut 400 jobs after its annual profit halved.
Annual profit at bicycle maker Orvane fell by 50%.
The Lindmark plant will be hit hardest.
Electric bicycle sales fell 22% as dealers still have stock.
A recall of 60,000 batteries cost the company 35 million crowns.
Unions have called a strike for Friday.
Shares in Orvane fell 11 percent.
Management expects sales to recover next year.
The company plans to move part of its assembly closer to customers.
""",
    "school strike": """
Teachers in southern districts are on strike over class sizes and pay.
They want a six percent rise and smaller classes.
Education minister Jean Lafargue offered talks next week.
40% of schools were closed, according to the ministry.
The unions say two thirds of schools were closed.
Unions want no more than 25 pupils per class.
The last such strike, in 2019, lasted three weeks.
Parents support the teachers but worry about June's exams.
""",
    "court case, background first": """
Former Saint-Orens mayor Gilles Barrault has been jailed for three years for corruption.
The court found that Barrault sold building permits to four developers.
He received 2.4 million crowns in bribes between 2014 and 2020.
His lawyer said he will appeal.
The court ordered the seizure of his villa and boat.
The council wants to pull down two towers.
The ex-mayor took bribes through a company run by his brother-in-law.
""",
    "village profile": """
Paul Rive, the only doctor in Saint-Elme, will retire in June aged 74.
The nearest practice will be 50 km away.
More than 3,000 people have signed a petition against a robot in the pharmacy.
Dr Rive has been looking for a successor for six years.
The mayor wants to hire a doctor himself.
The health agency refused to pay for a nurse.
""",
    "interview: glaciologist": """
Glaciologist Anna Reuter has spent 20 summers on the Grand Corbier.
The glacier has lost 40 metres and will disappear by 2060.
A lake under the ice could burst and flood villages.
Sensors and a siren would give people about 20 minutes.
Reuter says pumping out the lake would be better.
Few tourists come to see bare rock, she says.
""",
    "merger": """
Cement makers Calvor and Tessier are to merge into a group worth eight billion crowns.
The headquarters will be in Montreval.
Ingrid Vasseur will lead the merged group for four years.
The deal needs approval from the competition authority.
Shareholders vote in May.
Builders want several plants to be sold.
Cement prices have risen 20% in two years.
""",
}


def sentences(paragraphs: list[list[str]]) -> list[str]:
    """All sentences of a text long enough to be of a summary."""
    return [s for paragraph in paragraphs for s in paragraph if len(s.split()) >= MIN_WORDS]


def main() -> None:
    """Print a row for each margin."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--read", action="store_true", help="print the sentences as well")
    read = parser.parse_args().read
    print("| support | sound refused | foreign let through |", "| ---: | ---: | ---: |", sep="\n")
    for margin in MARGINS:
        check_summary.SUPPORT = margin
        sound, foreign = [0, 0], [0, 0]
        for case in CASES:
            original = Original([s for paragraph in case.paragraphs for s in paragraph])
            for sentence in SUMMARIES.get(case.name, "").strip().splitlines():
                faults = original.faults([sentence])
                sound = [sound[0] + bool(faults), sound[1] + 1]
                if read and faults:
                    print(f"[{margin}] refused: {sentence} ({', '.join(sorted(faults))})")
            for sentence in (s for other in CASES if other is not case for s in sentences(other.paragraphs)):
                passes = not original.faults([sentence])
                foreign = [foreign[0] + passes, foreign[1] + 1]
                if read and passes:
                    print(f"[{margin}] let through: {sentence} ({case.name})")
        print(f"| {margin} | {sound[0]} of {sound[1]} | {foreign[0]} of {foreign[1]} |")


if __name__ == "__main__":
    main()
