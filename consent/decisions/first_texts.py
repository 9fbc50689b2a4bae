"""The first wordings of a new school, in plain words (B1). A school reads them, and publishes an edition of its own."""

from consent.decisions.vocabulary import Purpose

_PUBLICATION_NL = """
Wij maken op school soms foto's, films en geluidsopnamen. Bijvoorbeeld op schoolreis of bij een feest.
Mogen wij die laten zien? Per plek en per soort opname kiest u zelf: ja of nee.

- Foto: een foto waar uw kind herkenbaar op staat.
- Film: een film waar uw kind herkenbaar in te zien is.
- Geluid: een opname waarin de stem van uw kind te horen is.
- Naam: de naam van uw kind bij een foto of film.

Op een openbare plek kan iedereen de opname zien. Een ander kan hem bewaren en verder sturen.
Wat online staat, kan voor altijd online blijven, ook als wij het weghalen.
Op een besloten plek kunnen alleen ouders en medewerkers van de school de opname zien.

Zegt u nee, of kiest u niets? Dan maken wij uw kind onherkenbaar of gebruiken wij de opname niet.
Uw kind mag gewoon met alles meedoen.
U mag uw keuze altijd veranderen. Zegt u later nee, dan halen wij weg wat wij zelf weg kunnen halen.
Praat er ook met uw kind over: als uw kind nee zegt, telt dat.
Vanaf 16 jaar kiest uw kind zelf.
"""

_PUBLICATION_EN = """
At school we sometimes take photos and make films and sound recordings, for example on a school trip or at a party.
May we show them? For each place and each kind of recording you choose yourself: yes or no.

- Photo: a photo in which your child can be recognised.
- Film: a film in which your child can be recognised.
- Sound: a recording in which your child's voice can be heard.
- Name: your child's name beside a photo or film.

In a public place anyone can see the recording. Other people can keep it and send it on.
What is online can be online for ever, even if we take it away.
In a closed place only parents and people who work at the school can see it.

Do you say no, or do you not choose? Then we make your child unrecognisable, or we do not use the recording.
Your child can still take part in everything.
You can change your choice at any time. If you say no later, we take away what we can take away ourselves.
Please talk about it with your child: if your child says no, that counts.
From the age of 16 your child chooses.
"""

_MATCHING_NL = """
Deze vraag gaat over gezichtsherkenning. Het is een aparte vraag. U mag nee zeggen zonder uitleg.

Met een pasfoto kan de computer van de school voorstellen wie er op een schoolfoto staat.
Een medewerker controleert elk voorstel. Zo zien wij sneller wie er niet op een foto mag.
De computer maakt van de pasfoto een rij getallen over het gezicht. Dat zijn biometrische gegevens, en die zijn extra
beschermd. Wij bewaren ze op slot en geven ze aan niemand. Wij gebruiken ze alleen om foto's te controleren.
Nooit om te zien wie er is, wie zich hoe voelt of hoe iemand is.

Zegt u nee, of kiest u niets? Dan doen wij dit niet. Een medewerker kijkt dan zelf. Voor uw kind verandert er niets.
Een ja op deze vraag is geen ja om foto's te laten zien. Dat vragen wij apart.
U mag uw keuze altijd veranderen. Zegt u later nee, dan wissen wij de getallen meteen en voor altijd.
Is uw kind jonger dan 16? Dan moet iedere ouder met gezag ja zeggen. Vanaf 16 jaar kiest uw kind zelf.
"""

_MATCHING_EN = """
This question is about recognising faces. It is a separate question. You can say no without giving a reason.

With a portrait, the school's computer can suggest who is in a school photo.
A person checks every suggestion. In this way we see sooner who may not be in a photo.
The computer turns the portrait into a row of numbers about the face. These are biometric data, which have extra
protection. We keep them locked and give them to nobody. We use them only to check photos.
We never use them to see who is there, how anyone feels or what anyone is like.

Do you say no, or do you not choose? Then we do not do this, and a person looks. Nothing changes for your child.
A yes to this question is not a yes to showing photos. We ask that separately.
You can change your choice at any time. If you say no later, we erase the numbers at once and for ever.
Is your child younger than 16? Then every parent with authority has to say yes. From the age of 16 your child chooses.
"""

TEXTS = {
    Purpose.PUBLICATION: {"nl": _PUBLICATION_NL, "en": _PUBLICATION_EN},
    Purpose.FACE_MATCHING: {"nl": _MATCHING_NL, "en": _MATCHING_EN},
}
