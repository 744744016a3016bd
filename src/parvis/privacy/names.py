"""Frequent French first names and surnames, folded: our own compact lists, enough to tell a column of people from a column of places.

They know most people by their first name and one in six by their surname: a surname column is found by the first names beside it.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FIRST = _words(
    """
    aaron abdallah abdel abdelhamid abdelkader abdelkrim abdou abdoulaye abel abigail achille adam adama adelaide adele adelin adeline adolphe adriana
    adriano adrien adrienne agata agathe aglae agnes ahmed ahmet aicha aida aidan aime aimee akim alain alan alana alban albane albert albertine
    alberto albin aldo alejandro alessandro alex alexandra alexandre alexandrine alexane alexia alexis alfred alfredo ali alice alicia alima alina
    aline alison alix aliya alizee alla allan alma aloys alphonse alphonsine alvaro alya amadou amalia amandin amandine amaury ambre ambroise amel
    amelia amelie amelya amin amina aminata amine amir amira amory ana anaelle anais anas anastasia anatole andre andrea andreas andree andrei andy
    anfel ange angel angele angelina angeline angelique angelo anh anicet anila anissa anita anja anna annabel annabelle annaelle anne annelise
    annette annick annie anouck anouk anselme anthony antoine antoinette antonella antonia antonin antonio antony apolline apollonie archibald ariana
    ariane ariel aristide arlette arman armand armando armelle arnaud arsene artemis arthur arthus artur asma asmae assane assia astrid astride
    athenais aubin aude audrey augusta auguste augustin augustine aurelia aurelie aurelien aurore awa axel axelle aya aydin ayman aymar aymen aymeric
    ayoub ayse aziz aziza babacar bachir badr bakary balthazar baptiste baptistine barbara barnabe barthelemy basile bastian bastien bathilde beate
    beatrice belinda belkacem benedict benedicta benedicte benjamin benjamine benoit bernadett bernadette bernard bernardo berthe bertille bertin
    bertrand bertrande betty bianca bilal bintou birgit blaise blanche blandine bogdan bonnie boris brahim brandon brenda brian brice brieuc brigitte
    bruna brune brunehilde bruno bryan calista calixte calvin camil camila camille candice capucine carine carla carlo carlos carmela carmen carole
    carolina caroline cassandra cassandre cassie catalina caterina catherine cathy catia cecile cecilia cedric celestin celestine celia celian celina
    celine celio cesar chahinez chantal chantale charlelie charlene charles charlie charline charlotte charly chayma cheick cheikh chiara chloe
    chloris chris christa christel christele christelle christian christiana christiane christine christophe christopher ciara cindy claire clara
    clarence claris clarisse claude claudette claudia claudie claudine claudio claudius clea clelia clemence clement clementin clementine cleo cloe
    clothilde clotilde clovis colas colette coline colleen colombe constance constant constantin coralie coraline coralyne cordelia corentin corentine
    corine corinna corinne cornelia cosima cristina curtis cynthia cyprien cyriaque cyrielle cyril cyrille dahlia daisy dalila damaris damia damien
    dana daniel daniele danielle danny dany daouda daphne daria dario darius dave david davy debora deborah delphine denez denia denis denisa denise
    desire desiree diana diane diarra didier diego dilan dimitri dina dinah djamal djamel djamila djeneba djibril dolores domenico dominique domitille
    donatien donovan dora dorian doriane dorine doris dorothee dorothy dounia driss dylan dylane eddy eden edgar edgard edith edmee edmond edouard
    eduardo edwige efflam eglantine elea eleanor elena eleonore elfie elian eliane elias elie eliette elif elina eline elio eliot eliott elisa
    elisabete elisabeth elise elke ella ellie elliot elliott eloan elodie eloise elona elouan elsa elvira elvire elyas elyes elyne emeline emeric
    emerick emie emile emilie emilien emilienne emilio emir emma emmanuel emmanuelle emmie emmy emre emy enguerrand ennio enola enora enrico enrique
    enzo ephraim eric erik erika erina erine ernest ernestine ernesto erwan erwann esma esteban estele estelle esthel esther ethan ethel etienne
    etiennette eudes eugene eugenia eugenie eulalie euphrasie eurydice eva evan evangeline evann eve eveline evelyn evelyne ewan ewann ewen ewenn eya
    eyden ezechiel fabian fabien fabienne fabiola fabrice fabricia fabrizio faiza fanny fanta faouzi farah fares farid farida faris fatemeh fathi
    fatiha fatim fatima fatimah fatimata fatma fatou fatoumata faustine fausto faycal fedora felicia felicie felicien felicite felipe felix ferdinand
    ferdinande fernand fernanda fernande fernando filip filipe firmin flavia flavie flavien flavio fleur flora flore florence florent florentin
    florentine florian floriane floriant florine foucauld franca france franceline francesca francesco francette francine francis francisco franck
    francky francois francoise frank franz fred freda freddy frederic frederica frederique fredy fulbert gabin gabriel gabriela gabriele gabrielle
    gael gaelane gaelle gaetan gaia gaspar gaspard gaston gauthier gautier gauvain genevieve geoffrey geoffroy george georges georgette georgina
    gerald geraldine gerard geraud germain germaine gersende ghislain ghislaine ghita ghizlane giacomo gian gilbert gilberte gilda gilles ginette gino
    giovanni gisele giulia gladys glwadys gontran goran goulven gregoire gregory greta guenael guenaelle guenole guillaume gustave guy gwen gwenael
    gwenaelle gwendal gwendoline gwenn gwenola habib habiba hachim hadrien hafida hafsa hajar hakim halima hamed hamid hamida hamidou hamza hana hanae
    hanna hannah hans harold harouna harry hasan hassan hassen hatem hawa hayat hector heidi helena helene heliodore heloise henri henriette henry
    herbert hermann hermine hermione herve hicham hilaire hilda hind hippolyte honore honorine hortense houda houria hubert hugo hugues huguette
    humbert husna hussein ian ibrahim ibrahima ibtissem ida idris idriss ignace igor ikram ilan ilana ilhan iliana ilias ilies ilona ilyan ilyana
    ilyas ilyes imad imane imene imran imrane inaya ines ingmar ingrid inna iona irene irina iris irma isa isaac isabella isabelle isadora isaline
    isaure isidore isis isla ismael ismail ismaila isolde issa issam itziar iva ivan ivana iwan izia jaafar jacint jacinthe jack jackie jacky jacob
    jacqueline jacques jacquot jad jade jafar jakub jalil jamal jamel james jamila jan jana janet janick janine janna jarod jasmine jason javier jawad
    jean jeanette jeanine jeanne jeanneton jeannette jeannine jeannot jed jehanne jenna jennifer jenny jeremiah jeremie jeremy jerome jerzy jessica
    jessy jesus jihane jimmy joachim joan joana joaquim jocelyn jocelyne joel joelle johan johann johanna john johnny jolan jonas jonathan joran
    jordan jordane jordi jorge jorgen joris jose josee joseline joselyne joseph josephine josette joshua josiah josiane josselin josue jovana joy
    joyce juan juanita juba jude judicael judith jules julia julian julianne julie julien julienne julieta juliette juline julius justin justine
    justinien justino kaelig kahina kai kalil kalvin kamel kamil kamila kamilia kaouthar karel karelle karen karim karima karin karine karl katarina
    kateline katell kathleen kathy katia katie katy kays keira kelian kelly kelya kenan kenny kenza kenzo keran kerian keryan kevan kevin keziah
    khadija khady khaled khalid khalifa khalil kheira kiara kilian killian kim kimberley kimberly kirsten klara klaus klervi koffi kouadio kristina
    krystel kyara kylian kyllian kyra ladislas laetitia lahcen laila lalie lambert lamia lamine lana laora lara larissa laszlo laura laure laureen
    laureline laurena laurence laurene laurent lauriane laurianne laurie laurine laury lauryn laurynn layana layla lazare lea leana leandra leandre
    leandro leane lehna leila leily lena lenaelle lenaic lenaig lenny lenzo leo leocadie leon leonard leonardo leonce leone leonid leonie leonore
    leontine leopold leopoldine leslie leticia letizia leyla lia liam liana lidia lidwine lila lilas lili lilia lilian liliane lilie lillian lilly
    lilou lily lina linda lindsay line lino lionel lior liora lisa lisandre lisandro lise lisette lison liv livia livio liza lizea lizie lizzie llona
    loan loane loelia loeva logan loic loick lois lola lolita lorcan lorena lorenza lorenzo lorette lorie lorine loris lothaire lou louane loubna
    louca loucas louis louisa louise louisette louison louiza louka louna lounes lounis lounys luba lubin luc luca lucas lucette lucia luciano lucie
    lucien lucienne lucile lucille lucinda lucio lucrece ludivine ludmila ludmilla ludovic luigi luis luisa luka lukas luna lya lyam lydia lydie lylia
    lylou lyna lynn lysandre maceo madani maddy madelaine madeleine madeline madina mael maelie maeline maelle maelyne maelys maelyss maeva magali
    magalie magda magdalena magdeleine magloire mahault mahdi mahe mahee mahmoud maho maia mailys maimiti maimouna maina maissa maite maiwenn makan
    maksim malak malcolm malek malia malik malika mallaury mallory malo malone malory malvina mamadou mame mamoudou manel manfred manoa manolo manon
    manu manuel manuela manuella maodo mara marc marceau marcel marcelin marceline marcella marcelle marcello marco marcus margaret margarida
    margarita margaux margot marguerite maria mariam mariama mariame marianne mariannick mariano maricela marie marielle mariette marika marilou
    marilyn marilyne marin marina marine marinette mario marion marisa marita marius marjorie mark marko marlene marlon marlyse marta martha marthe
    martial martin martine marvin mary maryam maryame marylene maryline marylou maryse maryvon maryvonne marzena massimo mateo mathea matheis matheo
    mathias mathieu mathilde mathis mathurin mathys matias matilda matilde matis matt matteo matthew matthias matthieu mattia mattis maud maurice
    mauricette mauro max maxence maxime maxine maya mayeul maylee maylie maylis mayssa meddy medhi megan megane mehdi mehdy mehmet meissa mel melanie
    melchior melia melina meline melisande meliss melissa melissande melodie melody meltem melusine melvin melvyn mendy meriem merlin meryem messaoud
    mia mica michael michal michel michela michelangelo michele micheline michelle mickael mickaelle miguel miguela mihai mikael mikail mike mila
    milan milena milla millie milo milos mina mindy minh mireille miriam mirko misha moez mohamad mohamed mohammad mohammed mohand moira moise moktar
    mona monia monika monique morgan morgane morgann mostafa mouhamed mouna mounir mourad moussa moustapha muhammed mura muriel muriele murielle
    mustafa mustapha mya mylan mylane mylene mylia myriam nabil nabila nacer nacim nada nadege nadia nadine nadir nadja nael nahel nahia nahil nahla
    naila naim naima nais najat najet najib nana nancy naomi naomie narcisse narimane nassim nassima nassira natacha natalia natalie natan natane
    natasha nathalie nathan nathanael nathaniel nawal nawel nawfel nazim ndeye nedim neela neil neila nelia nelio nelly nelson neo nermin nestor nevio
    neyla niamh nicola nicolas nicole nicoletta nicolette nicolina niels nihad nihel nikita nikola nil nils nina ninette nino ninon nisrine noa noah
    noahm noam noe noel noelle noellie noelline noemi noemie noha nohan nohlan nolan nolann nolhan nolween nolwenn noor nora norah norbert nordine
    norma nouha nour noura nourhane nouria oceane octave octavia octavie octavien odelin odette odile odilon ofelia ola oleg oleksandr olena olga
    olivia olivier olivio olympe omar omer ondine onesime ophelia ophelie oren oriana oriane oriol orion orlane ornella orson oscar osman oswald
    othello othmane otto ouassim oumaima oumar oumayma oumou ouria ousmane owen owenn pablo paco paloma pamela paola paolina paolo pascal pascale
    pascalin pascaline pasquale patrice patricia patricio patrick patrik patxi paul paula paule pauleau paulette paulin pauline paulo pedro peggy
    peguy penelope perceval perla pernelle perrine peter petra petronille pharell philemon philibert philippa philippe philippine philomene pia piero
    pierre pierrette pierrick pierrine pietro pol polina pome priam priscilla prune quentin quentine quitterie rabah rabia rachel rachelle rachid
    rachida radia radouane rafael rafaela rafaele rafik ragnar raissa ralph ramdane ramon rania raoul raphael raphaela raphaele raphaelle rayan rayane
    rayhan raymond raymonde rebeca rebecca reda regina regine regis reine reinhard rejane remi remus remy renaldo renan renato renaud rene renee
    renelle reynald reza rhea riad ricarda ricardo richard richarde rihanna rita ritchie robert roberta roberte roberto robin robinson roch rodney
    rodolf rodolphe rodrigo rodrigue roger roland rolande rolf romain roman romana romane romaric romary romeo romilda romuald romy ronald ronaldo
    ronan rony rosa rosalia rosalie rosaline rosanna rosario rose roseline roselyne rosemonde rosetta rosette rosie rosine rosy rouguy roula roumaissa
    roxana roxane roxanne ruben ruby rudi rudolf rudolphe rudy rufin rui ruth ryan saad saadia sabah sabine sabino sabri sabria sabrina sacha sadia
    safa safaa safia safiya sagal sahra said saida saim sakina salah saliha salim salima sallah salma salome saloua salvador salvatore sam samantha
    samba sami samia samiha samir samira samson samuel samy sana sanaa sandie sandra sandrina sandrine sandro sandy sania santiago santino sara sarah
    sarita sasha saskia sateb saturnin saul savannah savinien seb sebastian sebastien segolene seika sekou selena selene selim selima selma semih
    sephora seraphin seraphine serena serge sergio servane seth sevan sevda severin severine seydou shaima shaina shan shana shanna shannon sharon
    shawn shayna sheila shelby sheryl shirel shirley siam sidi sidney sidoine sidonie siegfried sigrid silas silvana silvere silvia silvio simao
    simeon simon simona simone simonne sinan sinda siobhan sira sirine sixtine sofia sofian sofiane sofien sohan soizic soizick solal solange soledad
    solen solene solenne soliman soline solveig sonia sonny sophia sophian sophiane sophie soraya soren soriba souad souhail souhaila soukaina
    souleymane soumaya soumia souraya stacy stan stanislas stanley steeve stefan stefania stefano stelio stella stephan stephane stephanie stephen
    stevan steve steven stevens stevy suzanne suzel suzette suzie sven svetlana swann sybille sylvain sylvaine sylvere sylvestre sylvette sylvia
    sylviana sylviane sylvie symphorien tahar taina talia talya tamara tanguy tania tao tara tarek tarik tatiana teddy tedi telio telma tenessy teo
    teodora terence teresa tess tessa thaddee thais thaissa thalia thanh thea theana thelma theo theodora theodore theodule theophane theophile
    theotim theotime therese thi thiago thibaud thibault thibaut thierno thierry thiffany thim thomas thomasine thu tiago tiana tibault tiburce
    tidiane tifaine tifany tiffaine tiffany tiguida tilda tilio tim timael timea timeo timothe timothee timur tina tino tiphaine titouan titus tobias
    tolga tom tomas tommaso tommy toni tonin tonio tony toufik tracy trecy tristan tristana tugdual turan tyler tylia tymeo tyron tyrone ugo ulrich
    ulrika ulysse umberto urbain uriel ursula ursule vadim valdo valentin valentina valentine valentino valere valeria valerian valeriane valerie
    valerien valery vanessa vanina vasco vassili veda venceslas vera verane veronique vianney vicente vicky victoire victor victoria victorine viktor
    viktoria vilma vincent vincente vincenzo vinciane violaine violet violette virgil virgile virgilio virginia virginie vital vitalie vito vitor
    vittoria vivian viviana viviane vivianne vivien vladimir volodia wael wafa wahib wahiba waldemar walid walter wanda warda warren wassila wassim
    welid wenceslas wendie wendy werner wesley wiem wilfrid wilfried wilhelm willem william willie willy wilson winnie wissam wissem wladimir wolfgang
    xander xavier xaviere xenia ximena yacine yacouba yael yaelle yahya yakine yakoub yamina yan yanaelle yani yanice yanick yanina yanis yaniss yann
    yannic yannice yannick yannis yara yasin yasmin yasmina yasmine yasser yassin yassine yassir yassmine yazid yelena yessine yildiz yilmaz ylan
    yliana yoan yoana yoann yoav yohan yohann yolaine yolande yolene yona yoni yorick youcef younes younous youri yousra youssef youssouf youssra
    ysaline ysaure yseult yuna yunus yuri yusra yusuf yvain yvan yvane yvanne yveline yvenne yves yvetta yvette yvon yvonne yvonnick zacharie zachary
    zahia zahir zahra zaid zaina zakari zakaria zakia zayd zaynab zeina zelda zelia zelie zena zenaide zeynep zhen zia ziad zidane zied zineb
    zineddine zita zlatan zoe zofia zohra zora zoubida zoulikha zsofia zuleika
    """
)

SURNAMES = _words(
    """
    abadie abdallah abdelkader achard adam adrien aguilar ahmed alain albert albertini alexandre allain allard alves amar amiot amsellem ancel andre
    andrieu andrieux anselme antoine antunes arnal arnaud arnould arnoux artaud aubert aubin aubriot aubry aucher audibert auger augier auvray aymard
    azoulay ba bach bachelet bacquet bah bailleul bailly balland ballet bancel baptiste barbe barbet barbier bardet bardin bardou baron barre barreau
    barret barrier barriere barthelemy bartoli bastide bastien baudin baudoin baudouin baudry bayle bazin beauchamp beaufils beaumont becker bedel
    begue belin belkacem bellanger bellet bellon benali benamar benard benhamou benichou benmoussa bennani benoit berard beraud berenger berger
    bergeron bernard bernier bertaud berthe berthelot berthet berthier bertin bertrand besnard besse besson beuzelin bezard bianchi bidault biet bigot
    billard billet billon binet blaise blanc blanchard blanchet blandin blin blondeau blondel blot bocquet bodin boissier boisson boivin bonhomme
    bonifay bonin bonnard bonneau bonnefoy bonnet bonnin bonnot bordes borel borie bosc bossard bouaziz bouchard boucher boucheron bouchet boudet
    bouet boulanger boulay boulet boullier bourbon bourdin bourdon bourgeois bourgoin bourguignon bourrel bousquet boutet boutin bouvard bouvet
    bouvier boyer brard braun bresson breton briand briere brisset brochard brossard brossier broussard bruel brugere brugiere brun bruneau brunel
    brunet bruneteau buffet bugeaud buisson burel burger cadet cadiou caillaud caille calvet camara cambon campos camus cantin capelle cardoso carlier
    carlos caron carpentier carre carrere carrier carriere cartier carvalho castel castelli cazenave celestin cerisier chabert chaillou chambon
    champion chantelot chapon chapuis charbonnier chardon charles charlet charlot charpentier charrier charron chartier chassagne chatelain chaumont
    chauveau chauvel chauvet chauvin chavez chen chenu cherif chevalet chevalier chevallereau chevallier chiron choquet christophe cisse claude clavel
    clement clerc cochet cochin cohen coignard colas colin collet collin collinet collot colombo combes comte constant coquelin corbel corbin cordier
    cormier cornu corre cosson costa coste costes cottin coudert coulibaly coulon courbet couret courtin courtois cousin coutant couteau couturier
    crepin cros crouzet cuenot cuny curtet da dacosta dagorn daniel danjou dasilva dauphin david debray decamps decroix dejean delacour delacroix
    delage delahaye delamare delannoy delaporte delarue delattre delaunay delbos delcourt delestre delmas delorme delpech demange demarest deniau
    denis denoyelle denoyer desbois descamps deschamps desgranges desmarais desmoulins desnoyers despres dessaint devaux devillers devos diagne
    diakite diallo diarra dias diaz didier diop diouf dominguez donnadieu dos doucet drouet drouin dubois dubosc dubreuil duchemin duchene duclos
    ducrocq dufour duhamel dujardin dumas dumont dumoulin duplessis dupont duprat dupre dupuis dupuy duran durand durieux durin dussart dutertre
    dutoit duval duvivier edouard emery ernest escoffier esnault espinasse esteve etienne eustache evrard fabien fabre fall faucher faucheux faure
    favier favre fayolle felix ferand fernand fernandes fernandez ferrand ferrari ferreira ferrer ferrier ferry feuillet fevre figuier filippi fischer
    flament fleurance fleury floquet florent foissac fontaine fontana fonteneau forestier forget fortin foucault foucher fougere fouquet fournel
    fournier fourny francois fraysse freire freville friedrich froment fromentin gabriel gagnon gaillard galland gallet gallois galy gandon garcia
    garcin garnaud garnier gasnier gaspard gaucher gaudet gaudin gaudry gault gaultier gauthier gautier gavard gay geffroy genet genin geoffroy
    georgel georges gerard germain gervais gibert gicquel gilbert gilles gillet girard girardin giraud girault giroud glemarec gobert godard godefroy
    gomes gomez goncalves gonzalez gosselin gouin goujon goulet goupil gourdon gourlay grand granger granier grasset gravier greco gregoire grenier
    grimaud grondin gros groussard gruau guegan gueguen guenard guerin guerra guerrier gueye guibert guichard guichet guidi guignard guilbaud guilbert
    guillard guillaume guillemin guillemot guillerm guillet guillon guillory guillot guillou guitton guyon guyonnet guyot haas hachette haddad hamdi
    hamel hamelin hamon hardouin hardy harel hassan hebert hedou heim henriet henrion henriques henry heraud herault herbert hermann hernandez herve
    hery heurtel heuze hilaire hoarau hoareau hoffmann honore hornet houdin houssin huard hubert hubin huchet huet hugon hugues huguet humbert humeau
    husson imbert imhof isnard jacob jacquemin jacques jacquet jacquin jacquot jallais jamet janin jaouen jarry jean jeannin jegou joffre jolivet joly
    joret joseph josse jouan jouannet joubert jourdan jouve julien jullien jung justin kaba kaddour kaiser kane kaplan karim kebe keller kerbrat
    kermarrec khan khelifi kieffer klein koenig konate kone kouassi kowalski kremer kuhn labat labbe laborde labrousse lacaze lachaud lachaume lacombe
    lacoste lacroix ladame lafarge laffont lafitte lafon lafont lagache lagarde lagrange laine lalande lallemand lamarque lambert lamoureux lamy
    lancelot landry lang langlais langlois lannes lapeyre laporte larcher lardy larue lasserre laugier launay laurent laval lavergne lavigne lazare
    lebas lebeau leblanc leblond lebon lebouc lebourgeois lebreton lebrun lecerf lechevallier leclerc leclercq lecomte leconte lecoq lecuyer ledoux
    leduc lefebvre lefevre lefort lefranc legall legeay legendre leger legoff legout legrand legris legros leguen lejeune lelievre leloup lemaire
    lemaitre lemarchand lemercier lemoigne lemoine lemonnier lenoir leonard lepage lepine leprince lequeux leray leriche leroi leroux leroy lesage
    lesueur letellier letourneau levasseur leveque levesque levy lhomme lhuillier liegeois lienard liger lima linard loiseau loisel lombard lopes
    lopez lorenzo lorin loubet louis louvet lozano lucas luce lucien luis mace maginot mahe mailhot maillard maillet maillot mairot malet malfait
    mallet mandin mangin manuel maquet marc marcel marcelin marchal marchand marechal marek marie marin marion mariotti marques marquet marquis marsal
    martel martin martineau martinet martinez martinot martins marty marx mary masse masson massot mathe mathieu matias maton maubert mauduit mauger
    maurel maurice maurin mauro maury mayer mazet mazure mazzoni medina mehmet meier melin menard mendes mendez menez mercier merle merlin mesnard
    messaoudi metivier metz meunier meyer michaud michel mignot millet millot minard miquel mohamed molina monet monfort mongin monin monnier monteil
    monteiro montel moore moraes morand moreau moreira morel moreno moret morice moriceau morin morisset morvan moulin mouret moutier muller munier
    munoz naudin navarro ndiaye neel negre neveu nguyen nicolas nicolle nier nivet noel novak nowak nunes oliveira oliver olivier ollier ollivier ory
    ouali oudin ozanne pages paillard palmer papin parent paris pariset parmentier pascal pasquet pasquier pastor patry paul pauly payen payet pean
    pecheux pellerin pelletan pelletier peltier pepin pereira perez perier pernet perot perrault perret perrichon perrier perrin perrine perron perrot
    petiot petit petitjean petrov peyre pham philippe philippon philippot piat picard pichon picot pierre pierson pietri pilon pinault pineau pinson
    pinto piquet pires piron plessis poirier poirot poncelet poncet pons portier potier pottier pouget poulain pouliquen poupon pradel prevost prieur
    prigent prost provost pruvost pujol quemener quentin quere quesnel queval quilichini rabier raffin rambaud ramos rault ravel raymond raynal
    raynaud redon regis regnier remond remy renard renaud renaudin renault renou revel reverdy rey reynaud ribeiro ribot ricard richard richer richez
    ridel rigal rigaud riou ripoll rispal ritter rivet riviere rivoire robert robin roche rocher rochette rodrigues rodriguez roger rolin rolland
    romero rondeau ronsin roques rosa rose rossi rossignol rouault rouchon roudaut rougier rouillard rouquette rousse rousseau roussel rousselle
    rousset rouvier roux rouxel roy royer rozier rubio ruffin ruiz sabatier sadoun sagnier saidi salaun salles salmon salvador samson sanchez sandoval
    sanson santiago santos sarr sarrazin saulnier saunier sauvage sauvageot savary schaeffer scherrer schmidt schmitt schmitz schneider schuler
    schultz schwartz sebastien seguin segura seidel sellier senechal serra serrano serre seux siegel silva simoes simon simonet simonin simonnet
    sissoko smith soares soler sorel soulier soumare sow spinelli stephan stoll suarez sylla szymanski tabard taillandier tanguy tardieu tardy tavares
    teixeira tellier terrier tessier texeira texier teyssier thebault theron thevenet thevenin thibaud thibault thiebaut thierry thiery thill thomas
    thuillier tison tixier tonnelier torres touchard toure tourneux tournier toussaint touzet tran traore trouillet turpin ung urban vacher vaillant
    valentin valet valette vallee vallet valverde vannier varin varlet vasseur vaudin vaugeois vautier vaz verdier verdon verger vergne vernet veron
    veyrat viala viard viaud vidal vieira viel vigier vigneron vignon vilain villa villain villard vincent vinet viollet virey vitali vivier vogel
    voisin volle vuillemin wagner walter weber weil weiss wendling winter wolf wolff xavier yvon zidane ziegler zimmer zimmermann
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
