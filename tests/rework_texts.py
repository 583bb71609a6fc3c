"""Fictional statements of which one reworks another: said in other words and order, summarised, quoted in short."""

from __future__ import annotations

SOURCE = (
    "The keepers of the Fennel Bridge toll house met the parish council on Thursday evening to talk about the winter timetable. "
    "For eleven years the toll house has opened its heated waiting room to anyone who missed the last carrier to Ostrey, and the keepers pay for the coal themselves. "
    "This autumn the price of a sack of coal rose from nine crowns to fourteen, and the waiting room used thirty-one sacks last winter. "
    "The council's treasurer, Ada Quillfeather, replied that the bridge fund holds six hundred crowns which may be spent on repairs to the parapet only. "
    "A petition with two hundred and twelve signatures asks that a tenth of every toll be set aside for fuel from the first of November. "
    "The miller Joss Tarrant warned that carters would take the ford at Low Meadow sooner than pay a higher toll, as they did in the year of the great thaw. "
    "In the end both sides agreed to ask the county surveyor whether the parapet can wait until spring."
)
"""Seven sentences."""

REWORDED = (
    "Whether the parapet could wait for spring is now a question for the county surveyor, both sides having agreed to ask. "
    "Coal, the keepers told the parish council, has gone up this autumn to fourteen crowns a sack, from nine, while the heated waiting room burned thirty-one sacks in the winter before. "
    "They have paid for that coal out of their own pockets for eleven years, so that whoever misses the last carrier to Ostrey may sit warm in the toll house at Fennel Bridge. "
    "Six hundred crowns lie in the bridge fund, according to Ada Quillfeather, treasurer, but only repairs of the parapet may be paid from them. "
    "Signed by two hundred and twelve, a petition would have a tenth of each toll go to fuel from November."
)
"""The same in other words and another order."""

OTHER = (
    "The allotment society of Nether Combe holds its show of marrows in the second week of September, and entries close on the Sunday before. "
    "Judges from three villages will weigh every marrow on the brass scale that Mistress Olwen Pike gave the society when she left for the islands. "
    "Children under twelve may bring one sunflower each, measured from the soil to the highest petal, and no stakes are allowed. "
    "Tea will be poured in the long barn by the bell ringers, who hope to mend the tenor before the feast of the patron. "
)
"""Of another matter altogether."""

QUOTED = "A petition with two hundred and twelve signatures asks that a tenth of every toll be set aside for fuel from the first of November."

FILLER = OTHER + OTHER.replace("marrows", "leeks").replace("September", "October").replace("Nether Combe", "Upper Combe")

HARBOUR = (
    "Pilots of the Skerrow roads reported on Monday that the outer buoy has dragged its anchor for the third time since the spring gales.",
    "The lighthouse board bought a new chain of forged links at a cost of four thousand marks, yet the shackle that holds it was made in eighteen ninety.",
    "Fishing boats from Tolwick now leave an hour later so that the crews can see the shoal with their own eyes before they cross.",
    "Merchants complain that wool for the looms of Ardray waited nine days on the quay while two barques lay outside.",
    "The harbour master keeps a slate in his window with the depth at every ebb, and boys are paid a farthing to wipe it.",
    "A diver named Corin Halloway went down on Saturday and found the sinker on its side beside the ribs of an old whaler.",
    "Insurers in the capital have doubled the premium for any hull that enters without a pilot after dusk.",
    "The bishop offered the cathedral's spare bell, which could be hung on a raft until the buoy rides where it should.",
    "Women who gut herring at the sheds asked that their wage be paid by the barrel again when the fleet is late.",
    "An engineer from the railway proposed a beacon of iron piles driven into the shoal, at six times the price of a buoy.",
    "The board will hear him on the ninth of next month in the upper room of the custom house, with the doors open.",
    "Until then a lantern boat with two men will lie at the edge of the channel every night from dusk to the morning gun.",
)
"""Twelve sentences of one statement."""

SUMMARY = (
    "With the outer buoy in the Skerrow roads dragging its anchor again after the gales, a shackle of eighteen ninety is blamed, "
    "for diver Corin Halloway found the sinker beside the ribs of a whaler. Insurers doubled the premium for a hull that enters after dusk without a pilot, "
    "an engineer wants a beacon of iron piles driven into the shoal, and meanwhile a lantern boat with two men lies at the channel's edge until the morning gun."
)
"""What five of them say, in short."""
SUMMARISED = (0, 1, 5, 6, 9, 11)

LETTER = """Dear cousin, your parcel of plum jam came whole but for one lid, and the twins have eaten half of it on toast already.
We painted the shutters green last week because the old colour peeled, and the goat has learned to open the garden gate."""
"""Not of anything else here."""
