"""Frequent French first names and surnames, folded: our own compact lists, enough to tell a column of people from a column of places.

They know most people by their first name and one in six by their surname: a surname column is found by the first names beside it.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FIRST = _words(
    """
    aaron abdallah abdel abdelkader abel adam adele adeline adrien adrienne agathe agnes ahmed aicha aimee alain alban albane albert alex alexandra
    alexandre alexia alexis alfred ali alice alicia aline alix alphonse alya amandine amel amelia amelie amina amine amir anais anatole andre andrea
    andree ange angele angelina angelique anna annabelle anne annette annick annie anouk anthony antoine antoinette antonin antonio apolline ariane
    aristide armand armelle arnaud arthur assia astrid aubin aude audrey auguste augustin aurelie aurelien aurore axel axelle aya ayoub baptiste barbara
    bastien beatrice benedicte benjamin benoit bernadette bernard berthe bertrand bilal blanche boris brahim brice brigitte bruno camille candice capucine
    carine carla carole caroline catherine cecile cedric celestin celia celine chantal charlene charles charlotte chiara chloe christele christelle
    christian christiane christine christophe claire clara clarisse claude claudette claudie claudine clea clemence clement clementine clotilde colette
    coline corentin corinne cyril cyrille dalila damien daniel daniele danielle david deborah delphine denis denise diane didier diego dimitri djibril
    dominique dorian doriane dorothee driss dylan edgar edith edmond edouard elea elena eleonore elian eliane elias elie eliette elina eline elisa
    elisabeth elise ella elodie eloise elsa elyne emeline emile emilie emilien emma emmanuel emmanuelle emy enora enzo eric erika ernest erwan esteban
    estelle esther ethan etienne eugene eugenie eva evan evelyne ewen fabian fabien fabienne fabrice fanny farid fatiha fatima fatma fatou felix ferdinand
    fernand fernande fleur flora florence florent florian floriane france francine francis francisco franck francois francoise frederic frederique gabin
    gabriel gabrielle gael gaelle gaetan gaspard gaston gauthier gautier genevieve geoffrey georges georgette gerald geraldine gerard germain germaine
    ghislaine gilbert gilberte gilles ginette gisele giulia guillaume gustave guy gwenaelle habib hakim hamza hanna hassan helene heloise henri henriette
    herve hicham hortense hubert hugo hugues ibrahim ibrahima ida ilan ilyes imane imran ines ingrid irene iris isaac isabelle isaline ismael issam ivan
    jacky jacqueline jacques jade jalil jamel janine jasmine jean jeanne jeannine jennifer jeremie jeremy jerome jessica jessy joachim joan jocelyne joel
    joelle johanna john jonathan jordan joris jose joseph josephine josette josiane joy joyce jules julia julian julie julien juliette justin justine
    kamel karim karima karine kelly kenza kevin khadija khaled khalid kylian laetitia laila lana lara laura laure laurence laurene laurent laurie lea
    leana leandre leila leo leon leonard leonce leonie leonore leopold liam lila lilia lilian liliane lilou lily lina line lino lionel lisa lise livia
    loan loane loic lola lorenzo lou louane louis louisa louise louison lounis luc luca lucas lucette lucie lucien lucienne ludivine ludovic luka luna lya
    lydia lydie lyna madeleine mael maelle maelys maeva magali mahmoud maia malak malik malo mamadou manon manuel marc marceau marcel marcelle marco
    margaux margot marguerite maria mariam marie mariette marine marion marius marjorie marlene martial martin martine marvin maryam maryline maryse
    maryvonne matheo mathieu mathilde mathis mathys matteo matthias matthieu maud maurice max maxence maxime maxine maya medhi mehdi melanie melina
    melissa mia michael michel michele micheline mickael miguel mila milan milo mireille moez mohamed mohammed moise monique morgan morgane mounir mourad
    moussa muriel mustapha myriam nabil nadege nadia nadine nael naim najat nassim natacha natalia nathalie nathan nathanael nawel nelly nicolas nicole
    nina nino noa noah noam noe noel noelle noemie nolan nora norah norbert nordine nour oceane octave odette odile olga olivia olivier omar orlane oscar
    othmane oumar owen pablo pamela paola pascal pascale patrice patricia patrick paul paula paule paulette pauline pedro peggy perrine philippe pierre
    pierrette pierrick priscilla prune quentin rachel rachid rachida rafael raoul raphael raphaelle rayan raymond raymonde rebecca regine regis reine remi
    remy renaud rene renee reynald richard robert robin robinson rodolphe rodrigue roger roland rolande romain romane romeo romuald romy ronan rosalie
    rose roseline roxane ruben ryan sabine sabrina sacha said salim salima sallah salma salome samantha sami samia samir samuel samy sandra sandrine sara
    sarah sasha sebastien selena selim selma serena serge severine shaima shana sidonie simeon simon simone sofia sofiane soizic solange solene soline
    sonia sophie soraya souad stanislas stella stephane stephanie steve steven suzanne suzie swann sylvain sylvaine sylvette sylvia sylviane sylvie tanguy
    tania tao tara tatiana telma thais thea theo theodore theophile theotime therese thibaud thibault thibaut thierry thomas tiago tiffany tim timeo
    timothee titouan tom tomas tony tristan ulysse valentin valentine valerie vanessa vera veronique victoire victor victoria vincent violaine violette
    virgile virginie viviane vivien walid warren wassim wendy wesley wilfried william willy xavier yacine yael yan yanis yann yannick yannis yasmina
    yasmine yassine yoann yohan yolande youcef younes youssef yusuf yvan yves yvette yvon yvonne zacharie zakaria zelie zineb zoe zohra zora
    """
)

SURNAMES = _words(
    """
    adam allard andre antoine arnaud aubert aubry bailly barbe barbier baron barre barthelemy baudry benard benoit berger bernard bertin bertrand besnard
    besson bigot blanc blanchard blanchet blondel bodin bonneau bonnet boucher bouchet boulanger boulay bourdon bourgeois bouvet bouvier boyer breton
    briand brun bruneau brunel brunet buisson camus carlier caron carpentier carre cartier charles charpentier charrier chartier chauvet chauvin chevalier
    chevallier clement cohen colas colin collet collin cordier cornu costa coste courtois cousin couturier da daniel david delage delahaye delaunay delmas
    deniau denis descamps deschamps devaux diallo diarra dias diaz didier dos dubois dufour duhamel dumas dumont dupont dupuis dupuy durand duval etienne
    evrard fabre faure favre fernandes fernandez ferrand ferreira fischer fleury fontaine fournier francois gaillard garcia garnier gaudin gauthier
    gautier gay georges gerard germain gilbert gilles girard giraud godard gomes gomez gonzalez grand granger gregoire grondin gros guerin guichard
    guillaume guillet guillot guillou guyot haddad hamel hardy hebert henry hernandez herve hoarau hoareau hubert huet hugues humbert imbert jacob jacques
    jacquet jacquot jean joly joubert jourdan julien klein konate labbe lacombe lacroix lagarde laine lambert lamy langlois laporte laurent lebon lebreton
    lebrun leclerc leclercq lecomte lecoq ledoux lefebvre lefevre leger legrand legros lejeune lelievre lemaire lemaitre lemoine leroux leroy lesage levy
    lombard lopes lopez louis lucas mace mahe maillard maillot mallet marchal marchand marechal marie marion marques martel martin martinez martins marty
    masse masson mathieu maurin maury menard mendes mercier merle meunier meyer michaud michel millet monnier moreau morel moreno morin moulin muller
    navarro neveu nguyen nicolas noel olivier pages parent paris pascal pasquier paul payet pelletier pereira perez perret perrin perrot petit philippe
    picard pichon pierre pinto poirier poirot poulain prevost prigent raymond regnier remy renard renaud renault rey reynaud ribeiro richard riviere
    robert robin roche rodrigues rodriguez roger rolland rossi rousseau roussel rousset roux royer ruiz sabatier salmon sanchez santos sauvage schmitt
    schneider schwartz seguin silva simon tanguy tessier texier thibault thierry thomas toure toussaint tran traore valentin valette vallee vasseur
    verdier verger vidal vincent voisin wagner weber weiss
    """
)

PLACES = _words(
    """
    agence allee allees amicale arret association av avenue bas bd bibliotheque boulevard cabinet cathedrale centre chapelle chemin cimetiere cinema
    clinique club college comite commune complexe cours creche direction dit ecole eglise elementaire espace esplanade eurl federation fondation fontaine
    gare grand grande groupe gymnase halle hameau haut hopital hotel impasse institut jardin lieu lotissement lycee mairie maison marche maternelle
    mediatheque mont musee nouveau nouvelle office parc parking passage petit petite pharmacie piscine place point pole pont primaire quai quartier
    residence rond route rue sa saint sainte salle sarl sas sci scolaire scop service societe square st stade station ste syndicat theatre union
    universite ville za zi zone
    """
)
"""Words that make a phrase a place or a body, even when it bears somebody's name: « rue Victor Hugo », « école Jules Ferry »."""
