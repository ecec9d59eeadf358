"""An article in English, sentences of summaries that say what it says, and sentences that must never be in one."""

from __future__ import annotations

ARTICLE = [
    [
        "The first tram of Port-Amel will run on 12 March 2026, the mayor, Hélène Carvalho, announced on Monday.",
        "The line, 8.4 km long, will link the ferry terminal to the Tanneurs district in 22 minutes.",
        "It is two years late.",
    ],
    [
        "Work was to be finished in 2024, but the discovery of a 12th-century cemetery in front of the covered market "
        "halted it for fourteen months.",
        "“We preferred to wait rather than destroy our history,” Ms Carvalho said.",
        "The archaeologists of the University of Rennes took out 340 skeletons, which will be studied until 2028.",
    ],
    [
        "The bill has risen too: estimated at 180 million euros, the project will cost 212 million, nearly 18% more.",
        "The region pays 40%, the state 25% and the city the rest.",
        "The European Union, which had promised half of the funds for the depot, withdrew in June.",
        "The opposition leader, Paul Le Guen, spoke of a “monument to vanity” and wants an inquiry.",
        "Mr Le Guen, a former minister, is to stand against the mayor in next year's election.",
    ],
    [
        "Shopkeepers in the rue Neuve are worried.",
        "According to their association, one shop in ten has closed since work began.",
        "The town hall has paid 1.2 million euros in compensation to 96 businesses.",
        "Its president, Sophie Marchetti, calls that a drop in the ocean, and three cafés are suing the city.",
    ],
    [
        "Some 30,000 passengers are expected every day.",
        "A ticket will cost 1.70 euros, and children under twelve will travel free until the end of the year.",
        "The trams were built by the German company Sielhoff and can carry 220 people each.",
        "A second line, to the U.S. military cemetery and the airport, is planned for the 2030s.",
        "The prefect has yet to sign the safety certificate, which the operator, Keolane, hopes to have by January.",
    ],
]
SENTENCES = [sentence for paragraph in ARTICLE for sentence in paragraph]

GOOD = """
The first tram in Port-Amel will run on 12 March 2026.
Port-Amel's first tram line will open in March 2026, two years late.
Mayor Hélène Carvalho made the announcement on Monday.
The 8.4-kilometre line will link the ferry terminal to the Tanneurs district in 22 minutes.
The discovery of a medieval cemetery in front of the market halted work for fourteen months.
Work was halted for 14 months by the discovery of a 12th century cemetery.
"We preferred to wait rather than destroy our history," said the mayor.
Ms. Carvalho said the city "preferred to wait rather than destroy our history".
University of Rennes archaeologists took out 340 skeletons.
The skeletons will be studied by archaeologists until 2028.
The project will cost 212 million euros, nearly 18 percent more than estimated.
The cost has risen from 180 to 212 million euros.
The cost has risen from €180m to €212m.
The region will pay 40% and the state 25% of the cost.
The EU had promised half of the depot's funds but withdrew in June.
The European Union withdrew its promised funds for the depot in June.
Opposition leader Paul Le Guen wants an inquiry.
Le Guen, a former minister, will stand against Carvalho in the election.
The former minister called it a "monument to vanity".
Shopkeepers are worried: one in ten shops has closed since work began, their association says.
The city has paid 1,200,000 euros in compensation to 96 businesses.
Three cafés are suing the city.
Two lines are planned.
Sophie Marchetti, president of the association, calls the compensation a drop in the ocean.
Around 30,000 passengers a day are expected to use the line.
Tickets will cost €1.70 and children under 12 will travel free until the end of the year.
The trams, built in Germany by Sielhoff, can carry 220 people each.
A second line to the airport and the US military cemetery is planned for the 2030s.
Operator Keolane hopes to have the safety certificate by January.
Residents of the Tanneurs district will be linked to the ferry terminal in 22 minutes.
However, the prefect has yet to sign the safety certificate.
Shops in the Rue Neuve have closed since work began.
""".strip().splitlines()

#: Artefacts of the pages that summarisers learnt from; the article holds none of them.
ARTEFACTS = """
Photo: Luc Berthier for the Port-Amel Gazette.
Picture courtesy of the town hall of Port-Amel.
© 2026 Port-Amel Gazette, all rights reserved.
Copyright 2026 by the tram company.
Click here for more pictures of the tram.
Click on the link to see the trams in Port-Amel.
CNN.com will feature the tram in a series on city transport.
CNN's Paul Marchetti contributed to this report.
Scroll down for video of the first tram.
The Associated Press contributed to this report from Port-Amel.
Additional reporting by Sophie Carvalho.
For confidential support call the Samaritans on 08457 90 90 90 or visit a local branch.
If you are affected by this, contact the helpline on 0800 555 019.
In the U.S. call the National Suicide Prevention Line on 1-800-273-8255.
Follow us on Twitter for more on the tram.
Follow @portameltram on Instagram.
Like our page on Facebook and never miss a tram.
Sign up for our newsletter to get the news of the tram every day.
Subscribe now to read the rest of the article.
Read more: why the tram is late.
Watch the video above to see the tram.
Have you used the tram? Tell us your story.
What do you think of the tram?
Share your thoughts on the tram in the comments below.
E-mail your photos of the tram to the city.
For more information on the tram visit the town hall's website.
The opinions expressed in this commentary are solely those of Sophie Marchetti.
This story was first published on Monday.
This material may not be published, broadcast or rewritten.
An earlier version of this article gave the wrong date for the tram.
Last updated: 12 March 2026.
Visit www.portamel-tram.example for tickets.
Here is a short summary of the article.
Summary: The tram of Port-Amel will run in March.
This is a developing story, please check back.
Advertisement.
(With AFP)
Reporting by Paul Le Guen; editing by Sophie Marchetti.
""".strip().splitlines()

#: What the article does not say; each is wrong in one thing at least.
INVENTIONS = """
The first tram will run on 13 March 2026.
The line will be 84 km long.
The project will cost 212 euros.
The project will cost 221 million euros.
The town hall has paid compensation to 96 million businesses.
Four cafés are suing the city.
Children under ten will travel free until the end of the year.
One third of the shops has closed since work began.
Trams can carry two hundred people each.
The mayor, Anne Carvalho, announced the tram on Monday.
The mayor announced the tram on Tuesday.
Macron announced the first tram of Port-Amel.
Sophie Le Guen wants an inquiry.
Paul Marchetti calls that a drop in the ocean.
The trams were built by the French company Alstom.
The tram will link the ferry terminal to Lyon.
Archaeologists of the University of Nantes took out 340 skeletons.
The NATO cemetery will have a second line.
"I never wanted this tram in our city," said Ms Carvalho.
Ms Carvalho said that the city "preferred to destroy history rather than wait".
A striker scored twice before the break and his supporters were singing in the rain.
Firefighters fought the flames through the night while neighbours slept in a school.
The suspect was arrested and will appear in court.
The tram will run the tram will run the tram will run the tram will run.
The tram will run from the ferry terminal to
The project was announced by Mr.
The tram <unk> will run in March.
""".strip().splitlines()

#: Wrong in a way that the checks cannot see: figures swapped, a negation lost, plaintiff and accused.
MISSED = """
The region pays 25%, the state 40% and the city the rest.
The prefect has signed the safety certificate.
The operator, Keolane, is suing the three cafés.
""".strip().splitlines()

#: News that speaks of what boilerplate speaks of.
NO_BOILERPLATE = """
The helpline took 3,000 calls in its first week.
The Samaritans opened a branch in the old post office.
Photographs of the flood were shown to the court.
The picture by Rembrandt was sold for two million euros.
Twitter said on Monday that it would appeal.
The minister announced the plan on Facebook.
Copyright law will change in January, the minister said.
The Associated Press reported that the bridge had been closed.
The company said that subscribers would pay less.
Visitors to the museum may share their photos with friends.
He followed her on Instagram before they met.
Updated figures show that prices rose by 2%.
The video shows a man who runs towards the police.
By Monday evening, the fire was under control.
With Reuters as its client, the firm grew fast.
Sources close to the minister deny it.
The reporters were freed after three days.
For more than ten years the factory had polluted the river.
The newsletter of the abbey has appeared since 1910.
Call centres in the region will cut 300 jobs.
Readers of the newspaper gave 40,000 euros.
Share prices fell on Friday.
Print sales fell by a tenth.
Experts contributed to the report on the dam.
Read in 1954 for the first time, the play was soon forgotten.
For his first visit, the president announced 300 million euros.
For the first time, text messages warned 450 inhabitants.
For the minister, the call for calm comes in the middle of a crisis.
For more than ten years, residents have asked to see the plans.
Research by the University of Lyon shows that bees sleep.
Production by French farmers fell by 10% in March.
Writing by hand helps pupils, a study says.
This report was written by two senators.
This report is expected to be published in June.
Contact tracing reached 100 000 people.
Like us, the Germans live on credit.
Update: the mayor resigned.
For help, the farmers call on the state and the region.
For more information, the judge went to see the prefect.
Call centres of the helpline for women are to close.
Tap water will be cut in the town until the leak is found further down.
Photographs by Nadar were sold in Nantes on Friday.
Copyright of the song belongs to the heirs.
By noon in the capital all was calm.
RESEARCH BY THE UNIVERSITY OF LYON SHOWS THAT BEES SLEEP.
Two hundred scientists contributed to this report.
This article of the labour code was amended in 2008.
This piece was written by Chopin in Majorca.
Polls may not be published on the eve of the vote.
The report is available only in French.
The fraudsters ask their victims to click on the link.
Google was fined for its use of cookies.
Like many videos on YouTube, it was false.
Register office weddings are now free.
The firm was bought by Getty Images for two million euros.
Posted on Monday, the video was seen three million times.
“Tell us where the money went,” a resident said.
""".strip().splitlines()
