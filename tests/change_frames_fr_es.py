"""As `change_frames`, in French and in Spanish, with sentences to stand between them: two sets a language, the second held back."""

from __future__ import annotations

from change_frames import Frame

FILLERS = {
    "fr": [
        "Le marché ouvre le matin devant la vieille halle.", "Les pêcheurs rentrent avec la marée du soir.", "La cloche de la chapelle sonne encore dans la brume.",
        "Une mouette dort sur le toit de la capitainerie.", "Le boulanger prête sa charrette aux voisins.", "Les enfants jouent sur la place du puits.",
        "La passerelle de bois grince sous les pas.", "Le gardien du phare écrit dans son cahier.", "Un chien suit la charrette jusqu'au moulin.",
        "Les filets sèchent contre le mur de la tannerie.", "Le vent du nord ferme les volets de l'auberge.", "La fontaine gèle au coeur de l'hiver.",
        "Le passeur chante en traversant la rivière.", "Une lanterne brûle à la fenêtre du relieur.", "Les pommes mûrissent derrière l'école.",
        "La meunière balaie le seuil de sa maison.",
    ],
    "es": [
        "El mercado abre por la mañana delante de la vieja lonja.", "Los pescadores vuelven con la marea de la tarde.", "La campana de la capilla suena entre la niebla.",
        "Una gaviota duerme en el tejado de la capitanía.", "El panadero presta su carro a los vecinos.", "Los niños juegan en la plaza del pozo.",
        "La pasarela de madera cruje bajo los pasos.", "El farero escribe en su cuaderno.", "Un perro sigue al carro hasta el molino.",
        "Las redes se secan contra el muro de la curtiduría.", "El viento del norte cierra las ventanas de la posada.", "La fuente se hiela en pleno invierno.",
        "El barquero canta al cruzar el río.", "Una linterna arde en la ventana del encuadernador.", "Las manzanas maduran detrás de la escuela.",
        "La molinera barre el umbral de su casa.",
    ],
}  # fmt: skip

FIRST = {
    "fr": [
        Frame("Les gardiens ont compté {} bateaux au quai.", "30", "45", "figure", "value", "up", 1.5),
        Frame("En tout, {} locataires ont signé la lettre.", "4 000", "1 000", "figure", "value", "down", 0.25),
        Frame("La taxe a rapporté {} à l'hospice.", "2,5 millions d'euros", "5 millions d'euros", "figure", "value", "up", 2.0),
        Frame("{} 90 lampes ont été brisées par la tempête.", "Plus de", "Moins de", "figure", "comparator"),
        Frame("Le conseil a dépensé {} 5 000 livres en peinture.", "environ", "au moins", "figure", "comparator"),
        Frame("Les inspecteurs ont trouvé 62 {} dans le hangar.", "lanternes", "chaudrons", "figure", "counted"),
        Frame("{}l'écluse est restée fermée neuf jours.", "Selon la capitainerie, ", "", "attribution", "dropped"),
        Frame("Selon {}, la digue tiendra un an.", "les ingénieurs", "les assureurs", "attribution", "source"),
        Frame("{} ont déclaré que les pompes étaient trop vieilles.", "Les gardiens", "Les boulangers", "attribution", "source"),
        Frame("{}le bac était trop chargé.", "", "Les pilotes affirment que ", "attribution", "added"),
        Frame("Le conseil doit réparer la jetée avant le {}.", "3 mars 2024", "17 avril 2024", "date", "deadline", "later"),
        Frame("Nous appelons {} à rouvrir l'écluse du nord.", "le conseil du port", "le ministère des eaux", "demand", "addressee"),
        Frame("Les propriétaires {} réparer les grues avant l'hiver.", "doivent", "devraient", "modal", "force", "down"),
        Frame("{}", "Nous demandons au maire de répondre à nos lettres.", "", "sentence dropped", "demand"),
        Frame("{}", "", "La banque doit rendre les dépôts.", "sentence added", "demand"),
        Frame("{} le conseil à baisser les droits de quai.", "Nous appelons", "Les marchands appellent", "demand", "claimant"),
    ],
    "es": [
        Frame("Los guardas contaron {} barcos en el muelle.", "30", "45", "figure", "value", "up", 1.5),
        Frame("En total, {} inquilinos firmaron la carta.", "4.000", "1.000", "figure", "value", "down", 0.25),
        Frame("El impuesto aportó {} al hospicio.", "2,5 millones de euros", "5 millones de euros", "figure", "value", "up", 2.0),
        Frame("{} 90 lámparas se rompieron en la tormenta.", "Más de", "Menos de", "figure", "comparator"),
        Frame("El consejo gastó {} 5.000 libras en pintura.", "unas", "al menos", "figure", "comparator"),
        Frame("Los inspectores hallaron 62 {} en el cobertizo.", "linternas", "calderos", "figure", "counted"),
        Frame("{}la esclusa estuvo cerrada nueve días.", "Según la capitanía, ", "", "attribution", "dropped"),
        Frame("Según {}, el dique aguantará un año.", "los ingenieros", "los aseguradores", "attribution", "source"),
        Frame("{} dijeron que las bombas eran demasiado viejas.", "Los guardas", "Los panaderos", "attribution", "source"),
        Frame("{}la barcaza iba demasiado cargada.", "", "Los pilotos afirman que ", "attribution", "added"),
        Frame("El consejo debe reparar el muelle antes del {}.", "3 de marzo de 2024", "17 de abril de 2024", "date", "deadline", "later"),
        Frame("Instamos {} a reabrir la esclusa del norte.", "al consejo del puerto", "al ministerio de aguas", "demand", "addressee"),
        Frame("Los dueños {} reparar las grúas antes del invierno.", "deben", "deberían", "modal", "force", "down"),
        Frame("{}", "Pedimos al alcalde que responda a nuestras cartas.", "", "sentence dropped", "demand"),
        Frame("{}", "", "El banco debe devolver los depósitos.", "sentence added", "demand"),
        Frame("{} a los armadores que bajen las tarifas del muelle.", "Exigimos", "Los mercaderes exigen", "demand", "claimant"),
    ],
}

# Written together with the first, before any rule was changed, and run once when the first were right.
HELD = {
    "fr": [
        Frame("Depuis l'incendie, {} maisons sont vides.", "18", "27", "figure", "value", "up", 1.5),
        Frame("Le fonds contient {} à présent.", "600 000 €", "450 000 €", "figure", "value", "down", 0.75),
        Frame("Près de {} des équipages sont en grève.", "20 %", "80 %", "figure", "value", "up", 4.0),
        Frame("Ils ont attendu {} heures un pilote.", "douze", "trois", "figure", "value", "down", 0.25),
        Frame("{} 700 moutons ont passé sur l'île haute.", "Presque", "Plus de", "figure", "comparator"),
        Frame("La tempête a abîmé 41 {} sur la rive est.", "chaumières", "moulins", "figure", "counted"),
        Frame("{}le réservoir est à moitié vide.", "D'après le service des eaux, ", "", "attribution", "dropped"),
        Frame("{}les salaires baissent depuis six ans.", "Les tisserands rapportent que ", "", "attribution", "dropped"),
        Frame("Le phare est tombé en panne deux fois, selon {}.", "les garde-côtes", "les pêcheurs", "attribution", "source"),
        Frame("{} a averti que le toit allait tomber.", "L'architecte", "Le concierge", "attribution", "source"),
        Frame("{}les puits sont empoisonnés.", "", "Les fermiers prétendent que ", "attribution", "voice"),
        Frame("Nous demandons au tribunal de trancher avant le {}.", "20 mai 2026", "5 mai 2026", "date", "deadline", "earlier"),
        Frame("Nous exhortons {} à publier les comptes.", "les administrateurs", "les actionnaires", "demand", "addressee"),
        Frame("La compagnie {} retirer les préavis sans délai.", "devrait", "doit", "modal", "force", "up"),
        Frame("Nous {} que les portes soient ouvertes.", "exigeons", "demandons", "demand", "force", "down"),
        Frame("{}", "Nous exigeons que les archives soient ouvertes.", "", "sentence dropped", "demand"),
        Frame("{}", "", "Nous prions les juges d'entendre les veuves.", "sentence added", "demand"),
        Frame("{} une enquête sur le naufrage.", "Nous exigeons", "Les assureurs exigent", "demand", "claimant"),
    ],
    "es": [
        Frame("Desde el incendio, {} casas están vacías.", "18", "27", "figure", "value", "up", 1.5),
        Frame("El fondo tiene {} en este momento.", "600.000 €", "450.000 €", "figure", "value", "down", 0.75),
        Frame("Casi el {} de las tripulaciones está en huelga.", "20 %", "80 %", "figure", "value", "up", 4.0),
        Frame("Esperaron {} horas a un práctico.", "doce", "tres", "figure", "value", "down", 0.25),
        Frame("{} 700 ovejas pasaron a la isla alta.", "Casi", "Más de", "figure", "comparator"),
        Frame("La tormenta dañó 41 {} en la orilla este.", "cabañas", "molinos", "figure", "counted"),
        Frame("{}el embalse está medio vacío.", "De acuerdo con el servicio de aguas, ", "", "attribution", "dropped"),
        Frame("{}los salarios bajan desde hace seis años.", "Los tejedores informan de que ", "", "attribution", "dropped"),
        Frame("El faro falló dos veces, según {}.", "los guardacostas", "los pescadores", "attribution", "source"),
        Frame("{} advirtió que el techo se iba a caer.", "El arquitecto", "El conserje", "attribution", "source"),
        Frame("{}los pozos están envenenados.", "", "Los granjeros sostienen que ", "attribution", "voice"),
        Frame("Pedimos al tribunal que decida antes del {}.", "20 de mayo de 2026", "5 de mayo de 2026", "date", "deadline", "earlier"),
        Frame("Exhortamos {} a publicar las cuentas.", "a los administradores", "a los accionistas", "demand", "addressee"),
        Frame("La compañía {} retirar los avisos de inmediato.", "debería", "debe", "modal", "force", "up"),
        Frame("{} que se abran las puertas.", "Exigimos", "Pedimos", "demand", "force", "down"),
        Frame("{}", "Exigimos que se abran los archivos.", "", "sentence dropped", "demand"),
        Frame("{}", "", "Rogamos a los jueces que escuchen a las viudas.", "sentence added", "demand"),
        Frame("{} una investigación sobre el naufragio.", "Exigimos", "Los aseguradores exigen", "demand", "claimant"),
    ],
}
