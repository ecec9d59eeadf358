"""Fourteen invented news texts with the five facts that a summary of each should hold.

A text is one sentence a line, with a blank line between paragraphs; its first line lists the facts. A fact is some
strings joined by ``&``; a summary covers it when all of them stand in it, letter case aside. Facts came first.
"""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """A text by paragraph and sentence, its facts, and whether its lead holds most of them."""

    name: str
    lead: str
    facts: list[list[str]]
    paragraphs: list[list[str]]


def _cases(lead: str, texts: dict[str, str]) -> list[Case]:
    cases = []
    for name, text in texts.items():
        facts, *paragraphs = text.strip().split("\n\n")
        cases.append(
            Case(name, lead, [fact.split(" & ") for fact in facts.split("; ")], [p.split("\n") for p in paragraphs])
        )
    return cases


_STRONG = {
    "factory fire": """
fire & paint factory; two & killed; 1,200 & evacuated; electrical fault; river & foam

A fire at a paint factory in Port-Cressy killed two workers on Monday night and injured nine, the prefecture said.
About 1,200 people living within a kilometre of the site were evacuated to two schools.

The fire started shortly before midnight in a solvent store and was put out at dawn.
Investigators believe that an electrical fault in a pump set the solvents alight.
Eighty firefighters from four departments fought the flames.

Fears for the river

Several tonnes of extinguishing foam ran into the river below the factory, and fishing has been banned.
Samples of the water will be analysed on Wednesday.

The factory, which belongs to the Hallart group, employs 140 people.
It had been inspected in March without any remark.
"We are all in shock," said its director, Paul Hennequin.
""",
    "regional budget": """
assembly & budget; rail fares & 15 percent; hospital & Vernay; fuel & tax; opposition & court

The regional assembly adopted its 2031 budget on Thursday by 41 votes to 38, after a debate of two days.
The budget raises rail fares by 15 percent and keeps the hospital in Vernay open until 2034.
A new tax on fuel for private aircraft is to bring in 30 million crowns a year.

The opposition announced that it would go to the administrative court to have the tax annulled.
"This is a budget of resignation," said its leader, Claire Aubertin.

The region's debt will reach 2.1 billion crowns, or 900 crowns per inhabitant.
The president of the assembly, Marc Delestre, defended a choice that he called painful but honest.
Teachers and nurses had demonstrated in front of the building on both days.

The rail fares take effect on 1 January.
The assembly meets again in February.
""",
    "company results": """
Orvane & profit; half; 400 & jobs; Lindmark & plant; batteries

The bicycle maker Orvane saw its annual profit fall by half and will cut 400 jobs, it announced on Tuesday.
The cuts concern mainly the Lindmark plant, where frames are welded.

Sales of electric bicycles fell by 22 percent, because dealers still have last year's models in stock.
Orvane also had to recall 60,000 batteries that overheated while charging.
The recall alone cost 35 million crowns.

The unions called a strike for Friday and accuse the management of having ignored warnings.
They ask for talks under the aegis of the ministry.

The management expects sales to recover at the end of next year.
It intends to move part of the assembly closer to its customers.
The share lost 11 percent at the opening of the stock exchange.
""",
    "school strike": """
teachers & strike; class sizes; 40 percent; minister & talks; exams

Teachers in the southern districts went on strike on Monday to demand smaller class sizes and a rise of six percent.
The ministry said 40 percent of the schools were closed, the unions spoke of two thirds.
The minister, Jean Lafargue, offered talks for next week but ruled out a general rise.

The unions want no class to have more than 25 pupils.
In the suburbs of Hauterive some classes have 34.
Parents' associations support the strike but fear for the exams in June.
"I have two children who sit exams," said one mother, "and I am on the side of the teachers."

The last strike of this size took place in 2019 and lasted three weeks.
It ended with a bonus that was never paid in full.
A demonstration is planned for Thursday in front of the ministry.
""",
    "merger": """
Calvor & Tessier; 8 billion; competition & authority; headquarters & Montreval; shareholders & May

The cement makers Calvor and Tessier will merge, creating a group worth 8 billion crowns, they announced on Monday.
The headquarters of the new group will be in Montreval, where Calvor was founded.
The competition authority must still approve the merger, which would control half of the country's cement market.

The shareholders of both companies will vote on it in May.
Calvor's chief executive, Ingrid Vasseur, will lead the group for four years.
Both companies have suffered from the fall in housing construction.
They promise that no plant will be closed before 2034.
Customers are worried about prices.
The builders' federation asked the authority to impose the sale of several plants.
Cement prices have already risen by a fifth in two years.
""",
}

_WEAK = {
    "anecdotal lead: wells": """
wells & dry; third & rain; tankers & 60; irrigation & banned; reservoir & 2033

Every morning at five, Yvette Moreau ties two canisters to her bicycle.
She is seventy-one, and the path to the spring is steep.
Her mother took the same path, she says, and laughed about it.

Like hers, nearly all the wells of the Aubrac-Vert plateau have run dry this summer, for the first time on record.
Only a third of the usual rain has fallen on the plateau since October.
The prefecture now sends water tankers to 60 villages, twice a week.

Irrigation has been banned in the whole plateau until the end of September, and farmers are selling their herds.
Some have sold half of their animals at prices that hardly pay for the transport.

The region has promised a reservoir of four million cubic metres, but it will not be filled before 2033.
Until then the villages will depend on tankers, the prefect admitted.
Yvette has ordered a third canister.
""",
    "boilerplate lead: bridge": """
bridge & closed; cracks & cables; 18,000 & vehicles; ferry; eight months

Published on 12 March 2031 at 14:02 - updated on 12 March 2031 at 17:40

Photo: Lise Garnier / Agence Cap Nord

Reading time: three minutes

VALMONT, March 12 (Cap Nord) - Drivers in the Valmont area will need patience.
The suspension bridge over the Sarre estuary has been closed to all traffic since Wednesday noon.
During an inspection, divers and climbers found cracks in two of the eight main cables.

About 18,000 vehicles cross the bridge every day, among them most of the lorries that serve the port.
They must now make a detour of 54 kilometres.
A free ferry for pedestrians and cyclists will run from Saturday.

Replacing the cables will take at least eight months, according to the engineers of the department.
The bridge, opened in 1958, had been repainted two years ago.
The chamber of commerce asks for help for the shops on both banks.

Read also: The great bridges of the coast

Subscribe to our newsletter to receive the news every morning.
""",
    "interview: glaciologist": """
glacier & 2060; 40 metres; lake & burst; sensors & siren; tourism

Anna Reuter has spent twenty summers on the Grand Corbier.
We met her in her laboratory.

How is the glacier?

Badly.
The glacier has lost 40 metres of thickness in my time, and at this pace it will be gone by 2060.
I sometimes walk past the mark that I painted as a student, high above my head.

What does that change for the valley?

A lake has formed under the ice, and it could burst in any hot summer and flood the upper villages.
People think of drought, but the first danger is too much water.

Can one protect oneself from it?

Yes, we have placed sensors around the lake that set off a siren in the villages.
That gives the inhabitants about twenty minutes.
It would be better to pump the lake out, as was done elsewhere.

And after the glacier?

The valley lives on tourism, and few visitors come to see bare rock.
I would prepare for that today.
""",
    "chronicle: night of the storm": """
storm & three & dead; 200,000 & electricity; ferry & rescued; 190 kilometres; state of disaster

At six in the evening, the sea was still flat off Kerlann.
At seven, the weather service raised its warning to red.
The first roofs flew off shortly after nine in the old port.

At ten, gusts of 190 kilometres an hour were measured at the lighthouse, a record.
The power lines fell one after another, and 200,000 homes were without electricity at midnight.

At one in the morning, the ferry Belle-Anse sent a distress call with 84 people on board.
All of them were rescued by two helicopters before four, although one had to turn back to refuel.
The ferry sank at five.

When the day broke, the storm had left three people dead, all of them hit by falling trees.
The government declared a state of disaster in the two coastal departments at noon.
Trains will not run before Sunday.
At Kerlann, the sea was flat again.
""",
    "court case, background first": """
former mayor & sentenced; three years; building permits; 2.4 million; appeal

Saint-Orens had four thousand inhabitants in 2012, a railway station and a view of the sea.
Ten years later it had eleven thousand, and the view belonged to towers.
Everyone wondered how so many towers could have been allowed.

On Friday, the court of Hauterive sentenced the former mayor, Gilles Barrault, to three years in prison for corruption.
It found that he had sold building permits to four developers between 2014 and 2020.
The judges put the bribes at 2.4 million crowns, paid to a company run by his brother-in-law.

The developers were given fines and suspended sentences.
Barrault, who was not present, will appeal, his lawyer said.
"My client built a town," she added.

The court also ordered the seizure of a villa and of a boat.
The present town council wants two of the towers to be pulled down.
Their inhabitants do not know yet where they would go.
""",
    "science with a question lead": """
bees & caffeine; field & experiment; 70 percent; strawberries; weeks & fades

Who has never needed a coffee to start the day?
It may be that insects know the feeling.

Bees given caffeine with a flower's scent find that flower again more reliably, say biologists at Tarnholm.
For the field experiment, they fed half of the bees sugar water with caffeine and the others sugar water alone.
Of the first group, 70 percent flew straight to the scented flowers, against 45 percent of the second.

Growers of strawberries could use this, since rented bees often leave the greenhouse for wild flowers.
A company in Tarnholm already offers prepared hives.

The effect fades after about two weeks, however, and the bees must be fed again.
Whether the caffeine harms them in the long run is not known.
The team wants to follow thirty hives through the winter.
""",
    "match told in order": """
Clairval & won; 3-2; promoted & first division; Adjani & two goals; injured & goalkeeper

It had rained all day, and the kick-off was put back by half an hour.
Hauterive took the lead after four minutes with a header from a corner.
The visitors scored again before the break, and their supporters were already singing.

After the break came Samir Adjani, nineteen years old, for his first match of the season.
He needed only ten minutes for two goals, the second with his heel.
Then Clairval lost its injured goalkeeper, and a defender had to put on the gloves.

In the last minute a free kick hit the wall, the post and the net, and Clairval had won 3-2.
The club is promoted to the first division for the first time since 1974.
Thousands of people danced on the town hall square until the morning.

The coach, Irene Voss, who had announced her departure, now wants to think it over.
Hauterive, third, has to play a relegation tie against Pontarel.
""",
    "library anecdote": """
manuscript & 15th century; found & cellar; university & study; 2 million; exhibited & autumn

Denis Carrel only wanted to mend a leaking pipe.
The plumber had been called to the library on a Sunday evening.
He moved a cupboard, then a board, and there it was.

What he found in the cellar of the library of Vernay is a manuscript of the 15th century, bound in red leather.
The book contains some eighty songs, half of which are unknown, and drawings of the instruments.
The university of Hauterive will study it for two years before it is published.

Experts put the value of the manuscript at 2 million crowns.
The town does not intend to sell it.
It will be exhibited in the autumn under armoured glass.
Nobody knows how it came to be in the cellar.
The pipe still leaks a little.
""",
    "village profile": """
doctor & retires; nearest & 50 kilometres; robot; agency & refused; petition & 3,000

The waiting room smells of wax, and on the wall hangs a calendar from last year.
Five people are waiting, and all of them know each other.
The oldest has brought apples.

At the end of June, the only doctor in Saint-Elme, Paul Rive, retires at the age of seventy-four.
The nearest practice will then be 50 kilometres away, over a pass that is closed in winter.
Rive has looked for a successor for six years, and two candidates came and left again.

The health agency has refused to pay for a nurse in the practice and proposes a robot with a camera in the pharmacy.
A petition against the robot has been signed by 3,000 people, more than the valley has inhabitants.
The mayor wants to employ a doctor himself.
He has set aside a house and a garden for this.
The apples are shared out before the door opens.
""",
}

CASES = [*_cases("strong", _STRONG), *_cases("weak", _WEAK)]
