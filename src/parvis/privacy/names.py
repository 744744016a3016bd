"""Frequent French first names and surnames, folded: our own compact lists, enough to tell a column of people
from a column of places.

They know most people by their first name and one in six by their surname: a surname column is found by the
first names beside it.
"""

from __future__ import annotations


def listed_words(text: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(text.split())


FIRST = listed_words(
    """
    aamir aaron aarti abasse abbas abdallah abdel abdelali abdelaziz abdelfattah abdelghani abdelhadi abdelhak abdelhakim abdelhamid abdelilah
    abdeljalil abdelkader abdelkarim abdelkrim abdellah abdellatif abdelmajid abdelmalek abdelmounaim abdelouahab abdelouahed abderrahim
    abderrahmane abderrazak abdeslam abdessamad abdesslam abdon abdou abdoul abdoulaye abdourahmane abel abelard abhishek abiba abida abigail
    abilio abou aboubacar aboubacry aboubakar acace acacio achille achilleas achraf adalbert adam adama adamina addolorata adebayo adeel adel
    adela adelaide adele adelia adelin adelina adeline adelino adelphe ademola adiaratou adil adilia aditi aditya adjara adjoa adjoua adlene
    adnane adolphe adrian adriana adriano adrien adrienne adur aela aelez aelig aenor affoue afi afonso afroditi agata agathange agathe agathi
    agbessi agenor agim aglae agnes agnieszka agop agostinho agostino agron agustin aharon ahcene ahlam ahmad ahmed ahmet ahsan aicha aida aidan
    aiden aikaterini aimar aime aimee aimeric aina ainara ainhoa ainize aisling aissa aissata aissatou aitor aitzol ajay ajith akash akhil akhtar
    akila akim akissi akli akossiwa akouvi alaeddine alaia alain alan alana alaric alasdair alassane alastair alazne alban albana albane albert
    albertine alberto albin albina alcide alcides alcino aldebert aldegonde aldina aldjia aldo aldona aldric aleem alejandra alejandro aleksandar
    aleksander aleksandra aleksei aleksey alena alesia alessandro alex alexandra alexandre alexandrine alexandru alexane alexia alexine alexis
    alfio alfonsina alfonso alfred alfredo algis alhassane ali alican alice alicia alicja alik alima alin alina aline alioune alison alix aliya
    alizee alkis alla allan allaoua alma almaric almerinda alojzy alonso aloys aloyse alper alphee alphonse alphonsine alpinien altan altino
    alvaro alya alyona alzira amadeu amadi amadou amady amaia amala amalia amalric amandeep amandin amandine amandio amandus amani amar amara
    amaranthe amarjit amaury amazigh amazir ambre ambroise ambroisine amedee amedeo amel amelia amelie amelya americo amets ameur amezigh amidou
    amilcar amin amina aminata aminatou amine amir amira amit amitabh amjad ammar amna amoin amory amparo amrita ana anaclet anacleta anacleto
    anaelle anahit anais anand ananthi anas anastasia anastasiia anastasija anastasios anatole anatoli anatoline anatoliy anca anda andeol ander
    andoni andra andre andrea andreas andree andreea andrei andreia andrej andria andriamanitra andriana andrii andriy andronikos andry andrzej
    andy anesti aneta anetta anfel angadreme ange angel angela angele angelika angelina angeline angelino angelique angelo anghel anghjula
    anghjulu angus angustias anh anibal anicet aniceto aniela aniket anil anila anisoara anissa anita anja anjali anju ankit ankita anna annabel
    annabelle annaelle annalisa annamaria annarita anne anneke anneli anneliese annelise annelore annette annick annie annika anniken annunziata
    anouar anouck anouk anrafa anselme anselmette anselmo ansgar ansou antero anthelme anthonipillai anthony antide antigoni anto antoine
    antoinette anton antonella antonia antonietta antonin antonina antonio antony antsa antton antxon anupama anziza aodren aparecida aparna
    aphrodise apolinar apollinaire apolline apollonie apostolos aquilin araceli araks aram aramais arame arantxa arantza ararat arben arbnor
    archambaud archibald arda ardian arevik arezki argi argitxu argyro ariana ariane arianit ariel arif arild arin aris ariste aristea aristide
    aristides arjeta arjun arjuna arkadi arkadiusz arlette arlind arlindo arman armand armando armelle armen armend armida arminda armindo armine
    arnaitz arnaldo arnau arnaud arnaut arne arnoult arouna arpi arpine arrigo arris arsen arsene arshad arsine arsinoe arta artak artan artashes
    artem artemis artemise artemiy arthur arthus arti artur arturo arul arumugam arun aruna arusyak arvid arvind arwa arzhel arzhela asbjorn asha
    ashish ashok ashot ashraf ashwin ashwini asier asif asim asimina askin aslaug asli asma asmaa asmae aspasia assane assetou assia assitan
    assunta asta astghik astou astrid astride asuman asuncion ata ataa atakan athanase athenais athina atif atika atilla atmane atou attilio
    attiya attoumani atul aubane aubert aubierge aubin aude audrey augusta auguste augustin augustine augusto aure aurel aurelia aurelie aurelien
    aurica aurore avedis avelin avetis avgi avinash avit avni avtandil awa awatif awena awoudi axel axelina axelle aya ayachi ayawa ayberk aybike
    aydan aydin ayesha ayfer aygul ayhan ayla aylin ayman aymar aymen aymeric aymery aymone aynur ayodele ayoub ayse aysegul aysun ayyoub azalais
    azam azat azeddine azedine azelice azenor azhar azilis aziz aziza azouz azra azucena azza babacar babette babken bacar bacary bachir bachira
    badara badia badis badr badreddine baidy bakari bakary bako balakrishnan balasubramaniam balbine balbino baldomero baljit balla balraj
    baltazar balthazar balwinder bamba bangaly baptiste baptistine baran barbara barbel bardhyl baris barnabe barnard bartek barthelemy
    bartholome bartlomiej bartosz basia basile bassirou bastian bastien bathilde batti battitt baudouin baya bayram bazile beata beate beatrice
    beatrix bedri bedros begona begum bekir belaid belarmino belen belgacem belgin belinda belkacem belmira bemba ben benali benat benedict
    benedicta benedicte beneset bengt beniamino benie benigno benita benito benjamim benjamin benjamine benoit bensalem bente bento benvinda
    benyamin beppe berat berdj berenger berengere berfin beritan berivan berk berkan bernabe bernadett bernadette bernard bernardino bernardo
    bernat bernd berta berthe berthilde bertille bertin bertran bertrana bertrand bertrande besa besarion besart besim besnik beso bettan betty
    beyza bhavani bhavesh bhavna bhupinder biagio bianca bibi bich biel bilal bilel bilgin bilguissa bilqis binta bintou birama birane birger
    birgit birgitta birgul bissi bixenta bixente bjarne bjorn blaise blaisette blanca blanche blandine blazej blerim blerina blerta bleuenn
    bleuzen bogdan bogdana bogumila boguslaw boguslawa bohdan bojan bojana bolek boleslaw bonaria bonaventure boniface bonifacio bonnie bopha
    boris borislav borja borje boryana boualem bouazza boubacar boubakar boubaker boubker boubou bouchra boudjemaa boukary boumediene boun bounmy
    bounthanh boupha bouziane bozena brahim brahima bram brandon branislav branka branko brenda brendan brian brice briec brieg brieuc brigida
    brigitte bronislaw bronislawa bruna brune brunehilde brunhilde bruno brunon bryan brynjar budoc bujar bulent bunna bunthoeun bunyamin buon
    burak burcu burhan burkhard bushra cafer caitlin calin calista caliste calixte calixto calliste callum calogera calogero calvin camelia camil
    camila camille camillo camilo canan candelaria candice candido canelle cansu capucine cardelia carine carla carles carlo carlos carlota
    carlotta carmela carmelina carmelo carmen carminda carmine carole carolina caroline carulu casilda casimir casimiro cassandra cassandre
    cassie cassien catalin catalina catalino catarina caterina catherine cathy catia cecile cecilia cedric celedonio celestin celestina celestine
    celestino celia celian celina celine celio cellou cem cemal cemil cemile cengiz cesaire cesar cesare cesareo cesarine cesario cetin ceyda
    ceylan cezar cezary chadia chafia chafik chaharani chahinaz chahine chahinez chahrazed chaima chaimae chaker chakib chamsia chancel chanda
    chandara chandra chandran chandrika chandy channa chantal chantale chanthou chanthy chanvuthy charalambos charanjit charikleia charlelie
    charlemagne charlene charles charlie charline charlotte charly charo chau chayma chea cheick cheikh cheikhna chenda cherif cherifa chetan
    chiara chiraz chitra chloe chloris chlothilde choaib chokri chris christa christel christele christelle christian christiana christiane
    christine christoph christophe christopher christos chrysanthi chrysostome chrysoula chue ciara ciaran cidalia cihan cillian cindy cinzia
    ciprian cirilo ciro ciwan claire clara clarence clarinda claris clarisse claude claudette claudia claudie claudien claudine claudio claudiu
    claudius claus clea clelia clelie clemenca clemence clement clemente clementin clementina clementine cleo cleophee cloe clotaire clothilde
    clotilde clovis clovisse codrin codruta colas colette coline colleen colomban colombe colombine conceicao concepcion concetta concettina
    concha conrad consolacion constance constancia constant constantin constantino consuelo coralie coraline coralyne cordelia corentin corentina
    corentine corina corine corinna corinne cormac cornel cornelia cornelie corrado cosima cosimo cosme cosmin cosmina costache costantino
    costanza costel costica coumba crepin crescence crina cristi cristian cristiana cristiano cristina cristinel cristobal crocifissa cuma
    cunegonde cuong curtis custodia custodio cynthia cyprien cyr cyran cyriaque cyrielle cyril cyrille cyrus czeslaw czeslawa daba dafina dagmar
    dagmara dagny dahbia dahlia daiana daisy dalal dalel dalfina dalibor dalila damaris damase damia damiano damiao damien damjan damla dana
    danica daniel daniela daniele danielle danijel danijela danilo danny dante danut danuta dany danylo dao daouda daphne dardan daria darina
    dario darius dariusz darko darshan darshana darya dave david davide davinder davit davut davy debora deborah decebal declan deepa deepak
    deepika deffa defne deirdre dejan delia delphin delphine demba demet demetrio denez denia deniel denis denisa denise deniz denys deolinda
    deolindo dermot derya desideria desire desiree despina despoina detlef devi devrim dhanush dharani dhimiter dhiraj diaba diabou diakaria
    dialika diana diane diarra diary dicle didier diederik diego dieter dietmar dieudonne dieudonnee dieumerci dieuveil dieynaba dilan dilara
    dilek dilip dimitra dimitri dimitrios dina dinah dinesh dino diodore diogo dioncounda dionisio dionysios dirk ditmar divi divya djahid djalal
    djamal djamel djamila djanny djaouida djazia djeinaba djenaba djeneba djibo djibril djiby djimbala djohar djouher dmitri dmitriy dmitry
    dmytro dobromir dogan doha doina dolca dolores domenica domenico domice dominga domingas domingos dominika dominique domitille donal donat
    donata donatella donatien donatienne donato donika donovan donzilia dora dorcas dorel dorian doriane dorin dorina dorine doris dorota
    dorothea dorothee dorothy dounia draga dragan dragana dragica dragos dragoslav drenig drilon driss drita dritan duarte dumenica dumenicu
    dumitra dumitru dunja duong durga dusan dusanka duy duyen duygu dylan dylane dymitr dzmitry eberhard eberthe ebrima ebru ebubekir ecaterina
    ece echati eckhart edda eddine eddy edeltraud eden edern edgar edgard edgarde edith edlira edmee edmond edoardo edoh edona edouard eduard
    eduarda eduardo edwige edwin edyta efe efflam eflamm efoua egidio eglantine egoitz egon egzon ehsan eider einar eirik ekaitz ekaterina
    ekaterine ekin ekkehard ekoue ekrem eladio elaia elda elea eleanor eleazar elefteria eleftherios elen elena eleni eleonore elettra eleuthere
    elfie elfriede elhadj elhadji eliaka elian eliane elias eliboubane elie eliette elif eligio elin elina eline elio eliot eliott elira elisa
    elisabete elisabeth elisabetta elise elisee elisio elixabet eliza elke ella ellande ellie ellinor elliot elliott elme eloan elodie eloi
    eloisa eloise elona elorn elorri elouan eloy elpida elpide elpidio elsa elspeth elton elvan elvira elvire elvis elyas elyes elyne elzbieta
    elzear emanuel emanuela emanuele emefa emel emeline emer emerance emeric emerick emery emidio emie emil emile emilian emiliano emilie emilien
    emilienne emilija emilio emin emine emir emlyn emma emmanuel emmanuelle emmie emmy emrah emre emy enaut encarnacion ender endrit eneko engin
    engjell engracia enguerran enguerrand ennio enola enor enora enrico enrique enver enza enzo eoghan eoin eozen ephraim epifanio epiphane
    erasme ercan erdal erdem erdogan erell erembert eren ergat ergys erhan eric erich erik erika erina erine erion erkan erlend ermal ermanno
    ermelinda ermelinde ermelindo ermeline ermes ermira ernest ernesta ernestin ernestine ernesto ernst erol erramun ersin ertan ertugrul erwan
    erwann eryk esclarmonde escolastica esen eser esin esma esmanur esmeralda espen esperanza esra essi essohana estanislao esteban estele
    estelle esthel esther estrella etelvina ethan ethel etheldrede etienne etiennette ettore eucher eudes eudokia eudoxe eudoxie eufemia eugen
    eugene eugenia eugenie eugenien eugenio eugeniusz eulalie eulalio euloge eulogio euphemie euphrasie eurico eurydice eusebe eusebia eusebio
    eustache eustachie eustaquio eva evan evangelia evangelina evangeline evangelos evann evariste evaristo eve eveline evelyn evelyne evenn
    evert evin evren ewa ewald ewan ewann ewelina ewen ewena ewenn exupere eya eyden eylem eylul eyup ezechiel ezio fabian fabiana fabien
    fabienne fabiola fabiu fabrice fabricia fabrizio facundo fadhila fadila fadima fadime fadma fadwa fahardine fahd faheem fahim fahri faicel
    faisal faiz faiza fakhar fanch fanel fanica faniry fanja fanny fanta fantine faouzi faouzia farah fared fareeha fares farhan farhat farid
    farida faris farouk farrukh faruk farzana fatbardha fatema fatemeh fathi fathia fatih fatiha fatim fatima fatimah fatimata fatime fatimetou
    fatlinda fatma fatmir fatna fatos fatou fatouma fatoumata fatoumatou faudel fausta faustin faustine faustino fausto faycal federica federico
    fedir fedor fedora felicia feliciana feliciano felicidad felicie felicien felicissime felicite feliks felipe felisberto felismina felix
    ferdinand ferdinande fergus ferhan ferhat feride feridun feriel fermin fernand fernanda fernande fernando fernao ferrao ferreol ferriol
    ferroudja ferruccio fethi feyza fiacre fidel fidy figen fikret filip filipe filippa filippo filiz filomena fily fiona fionn fiorella fiorenza
    firat firmin firmine firmino fisnik fitia flaminio flamur flavia flavie flavien flavienne flavio flavius fleur flora florbela flore florea
    florence florencio florent florentin florentina florentine florentino florian floriane floriano floriant florica florimond florin florina
    florine floris florvil flutura fode fodie folke fortunat fortunato fotini fotis fouad foucauld foulques foune founeba fouzia fozia fragan
    franca france francelina franceline frances francesca francesco francescu francette francine francis francisca francisco franciszek franck
    francky francois francoise frank franz frauke fred freda freddy frederic frederica frederico frederique fredy frida fridolin fridoline
    friedhelm friedrich fritz frode fructueux frumence fuat fuensanta fulbert fulcran fulgence fulgencio fulvia fulvio funda furkan gabi gabin
    gabino gabriel gabriela gabriele gabriella gabrielle gael gaelane gaelle gaetan gaetana gaetane gaetano gagik gaia gaid gaius gaizka galina
    galyna gamze ganesan ganesh ganix gaoussou garazi garegin garen garo garsenda gaspar gaspard gaspare gaston gatien gatienne gaucelm gaurav
    gauri gauthier gautier gauvain gavril gayane gayathri gazi gedeon geeta geetha gela genadi genaro generoso genest genevieve gengoul gennady
    gennaro genoveva geoffrey geoffroy george georges georgeta georgette georgi georgia georgiana georgina georgios gerald geraldine gerard
    gerardo geraud geraude gerda gerhard gerlinde germain germaine germana germano germinal gernot geronimo gerrit gersende gertrud gertrude
    gertrudes gervais gervaise gevorg gezim ghaleb ghania ghazaros ghazi gheorghe gheorghita ghislain ghislaine ghislane ghita ghizlane ghjacinta
    ghjacumu ghjaseppu ghjulia ghjuliu ghjuvan ghjuvanna ghofrane ghulam giacinta giacinto giacomo giada gian giang gianluca gianluigi gianmarco
    gianna gianni gianpaolo gianpiero gigel gilbert gilberta gilberte gilberto gilda gildas gilles gillian gines ginette ginevra gino gioacchino
    gioconda gioele giordano giorgi giorgia giorgio giovanna giovanni giovannina gireg girolamo gisela gisele gita gitte giuditta giulia giuliana
    giuliano giuseppa giuseppe giuseppina giustina giusto givi gizem gjergj gjon gladys gloria glwadys gobi gocha godefroy goizeder gokce gokhan
    gokmen gokul gonca goncalo goneri gonthier gontran gontrane gonul gonzague gonzalo gopal gopinath gora goran gorana gordana gorka gottfried
    goulc goulven goulwen gowri graca grace gracia graciela graciete gracinda graciosa grainne gratien gratienne grazia graziano graziella
    grazyna greger gregoire gregoria gregorio gregory greta grigor grigore grygoriy grzegorz guadalupe gudmund gudrun guediouma guenael guenaelle
    guenole guerda guerline guerric guglielmo guibert guido guifre guilaine guilhem guilhema guilherme guilhermina guillaume guillermo guiomar
    guiraud guislain gulay gulbahar gulcan gulden guler gulhan gulistan gulizar gulnaz gulsah gulsen gulsum gulten gumersindo gunay gunes gunhild
    gunnar gunter gunther guntram gunvor guram gurbuz gurdeep gurjit gurkan gurmeet gurpreet gurvan gustaf gustave gustavine gustavo guven guy
    guylain gvantsa gweltaz gwen gwenael gwenaelig gwenaelle gwendal gwendoline gwenhael gwenn gwenola gwenvred gwilherm gwladys habib habiba
    habibatou habibur hacene hacer hachemi hachim hadda hadiatou hadidja hadj hadja hadjer hadrien hafeez hafid hafida hafsa hafsia hagop haider
    haikel haingo haizea haja hajar hajdin hajrije hakan hakim hakima hakki hakob hakon haldun halide halidi halil halim halima halime halina
    haluk halvor hamad hamada hamady hamdi hamed hamid hamida hamidatou hamidou hamidouni hamlet hammou hamou hamza hana hanae hanafi hanane
    hande hang hanh hanifa hanina hanitra hanka hanna hannah hanne hanneke hans haoua haralampos harald hardeep hardouin haresh hari harilaos
    harish haritz harjit harold haroon haroun harouna harout haroutioun harpreet harry harsha hartmut hasan hasina hasmik hasna hasnaa hasret
    hassan hassane hassen hassiba hassnain hatem hatice haude hawa hawoye hayat haydar hayet hayk hazal hector hedda hedi hedwig hegesippe
    heghine hegoa heidi heike heiko heinrich heinz heitor hekuran hela helder helena helene helga helier heliette helio heliodore heliodoro helle
    helmut helmuth heloise hemalatha hemant hen hend hendrik henedine henning henri henriette henrique henry henryk henryka heracle herbert herby
    herculano heriberto heriniaina herisoa herizo hermance hermann hermelinda hermeline hermenegilde hermenegildo hermine herminia herminie
    herminio hermione hermogene herta herve hery hiba hicham hichem hidayet hien hieu hilaire hilal hilaria hilario hilarion hilda hilde
    hildebert hildegard hildegarde hildegonde hilmi hind hinda hipolito hippolyte hjalmar hoa hoai hoang hoby hocine hoel holger hong honorat
    honore honoree honorine honorio horacio horatiu horia horst hortense houari houaria houcine houda houria houssam houssem houssine hovannes
    hovhannes hovsep hrair hrant hripsime hristo hryhoriy hubert hubertine hugo hugolin hugues huguette hulya humaira humayun humbeline humbert
    humberto hung huong huriye huseyin husna husniye hussein huy hysen ian iancu iarivo iason ibai ibon ibou ibra ibrahim ibrahima ibtissem ida
    idealy idil idir idoia idris idriss idrissa idrissou ieuan ievgen ievgeniia iftikhar ignace ignacia ignacio ignaz ignazio igor ihintza ihor
    ihsan ihsane ijaz iker ikhlas ikram ilan ilana ilaria ilayda ilda ildefonso ileana ilham ilhan ilhem iliana ilias ilidio ilie ilies ilir
    ilirjana iliuta ilkay ilker ilkka ilknur ilona ilse ilya ilyan ilyana ilyas ilyes imad imane imelda imen imene immacolata immacula imran
    imrane imtiaz inacio inaki inas inaya inci inderjit indira indrani ines inessa inga inge ingeborg ingmar ingmarie ingrid ingrida ingvar
    ingvild inigo inmaculada inna inocencio inssaf intissar ioan ioana ioanna ioannis iona ionel ionela ionut iordanis iqbal iqra irakli irati
    irem irena irene irenee ireneusz irfan irina irinel irineo iris irma irmgard irmtraud irshad iryna isa isaac isabeau isabella isabelle
    isabelo isadora isaie isaline isambard isaura isaure ishfaq isidora isidore isidoro isidro isik isilda isis isla ismael ismail ismaila
    ismerie ismet isolda isolde israr issa issaga issam issiaka issouf issoufou itziar iulia iulian iuliana iuliu iustin iva ivan ivana ivanka
    ivanna ivi ivica ivo ivone ivonig iwan iwena iwona izabela izabella izaro izia izzet jaafar jaba jaber jabrane jacek jacint jacinta jacinte
    jacinthe jacinto jack jackie jacky jacob jacoba jacqueline jacquemine jacques jacquot jad jade jadranka jadwiga jafar jagdish jagjit jagoda
    jahangir jahnavi jaime jakez jakov jakub jalal jalel jalil jalila jamaa jamal jameela jamel james jamila jan jana janaki janet janick janina
    janine janka janna janneke januario janusz jaona jaouad jaouhar japhet jarek jari jarmila jarod jaromir jaroslav jaroslaw jaroslawa jasbir
    jasmina jasmine jasna jason jasper jaspreet jaswinder jaume javaid javed javier javiera jawad jawed jaya jayanthi jayesh jean jeanette
    jeanine jeanne jeanneton jeannette jeannine jeannique jeannot jed jegan jehan jehanne jehona jelena jelle jemima jenaro jenna jennifer jenny
    jep jephte jeremiah jeremias jeremie jeremy jeroen jerome jeronimo jerzy jesper jessica jessy jesus jesusa jeton jeyanthi jeyaseelan jezekel
    jihane jimmy joachim joachine joan joana joanna joao joaquim joaquin joaquina jocelaine jocelyn jocelyne joceran jochen joel joelle joep
    johan johann johanna john johnny jokin jolan jolana jolanta jon jonas jonathan joost joran jordan jordane jordi jorg jorge jorgelina jorgen
    joris jose josee josefa josefina joseline joselyne joseph josephe josephin josephine josette joshua josiah josiane josselin josserand josu
    josue jothi jovan jovana jovite joy joyce jozef jozefa jozsef juan juana juanita juba jude judeline judicael judicaelle judikael judite
    judith juha jukka julen jules julia julian julianne juliao julie julien julienne julieta juliette julija juline julitte julius jumber junaid
    jurek jurema jurgen jurgi justa justin justine justinien justino justo justyna jutta juvenal juvin jyothi jyoti kaan kabongo kaci kaddour
    kader kadiatou kadidia kadidiatou kadig kadir kado kadriye kaelig kafui kahina kai kailash kaisa kaissa kakha kalaivani kalala kaleem kalidou
    kalil kalilou kalle kalpana kaltoum kaltrina kalvin kamal kamala kamalakanthan kamaljit kamar kamaria kamel kamelia kamil kamila kamilia
    kamuran kandia kanha kannan kanthan kanto kao kaouthar kaouther kapinga karam karamoko karapet karel karelle karen karidja karim karima karin
    karine karl karlheinz karolina karsten karthik karthika karuna kashif kasongo kaspar kassim katarina katarzyna kateline katell katerina
    kateryna kathe kathleen kathy katia katiba katie katina katja katou katrijn katrin kattalin kattin katy kausar kavita kavitha kays kazimiera
    kazimierz keelin keerthana kees keira kelian kelig kelly kelya kemal kenan kenneth kenny kenza kenzo keo kepa keran kerem keren kerian kerim
    kerline kerman kerstin keryan kesone kethia keti kevan kevin kevork kezban keziah khachatur khadeeja khadidiatou khadidja khadija khadim
    khady khaira khaldoun khaled khalid khalida khalifa khalil khalique khamla khamphanh khamphone khamsing khan khanh khaoula khatchig khatia
    khatuna kheira kheireddine khelifa khira khoa khoi khurram kiara kieu kilian killian kim kimberley kimberly kimia kinga kiran kireg kiril
    kirsi kirsten kirsty kirthana kishore kissima kjell kjersti klaas klara klaudia klaus kleanthis kleopatra klervi klervia kliment knut kodjo
    koen koffi kokou kolab koldo komal komi komlan konan konogan konrad konstantin konstantina konstantinos konstanty koray kornelia korotoumou
    kossi kossiwa kosta kostas kostiantyn koto kouadio kouakou kouame kouassi koudedia koupaia krasimir kreshnik krishna krishnan krishnaveni
    kristina krystel krystian krystyna krzysztof ksenia kseniya kuba kubra kuldeep kulsoom kulwinder kumar kumaran kunthea kunthy kursat kurt
    kwame kwassi kyara kylian kyllian kyra kyriaki kyriakos labinot lachlan ladislao ladislas laetitia lahcen lahouari lahoucine laia laida
    laieta laila lakhdar lakshman lakshmi lalaina lalao lali lalie lalitha lalla lalya lamarana lambert lambertine lambros lamia lamiae lamine
    lamya lana lander landry landu landy lanh lansana lanto laora lara larbi larissa lars larysa lasha lassana lasse lassine laszlo latha latifa
    latsamy laura laure laureana laureano laureen laureline laurena laurence laurene laurent laurentino laurentiu lauriane laurianne laurie
    laurinda laurindo laurine laury lauryn laurynn lavinia layana layla lazare lazarine lazaros lea leana leandra leandre leandrine leandro leane
    lech lee leela lefteris lehna leif leila leily leire leith lela leman lena lenaelle lenaic lenaick lenaig lenny lenuta lenzo leo leocadia
    leocadie leodegar leon leonard leonardo leonce leoncio leone leonel leonid leonidas leonide leonie leonilde leonor leonore leontin leontine
    leopold leopoldine leopoldo leotrim lesia leslaw leslie leszek leticia letizia leufroy levan levent levon leyla lhoussaine lia liam liana
    liaqat liboria licinio lidia lidiia lidija lidio lidiya lidoire lidwine lienard liesbeth liesel lieve ligia lila lilas lili lilia lilian
    liliana liliane lilie lilija lilit liliya lilla lillian lilly lilou lily limnee lina linda lindita lindsay line linh lino lionel lior liora
    liridon lirije lisa lisandra lisandre lisandro lisandru lise liselotte lisette lison liv liva livia livio liviu liza lizea lizenn lizie
    lizzie ljiljana ljubica ljubomir ljudmila llona loan loane loeiz loeiza loelia loeva logan loic loick lois lokesh lola lolita lomig longin
    lorcan lorea loredana lorella lorena lorenza lorenzo lorette lorie lorine loris lotfi lothaire lothar lotte lou louane loubna louca loucas
    louis louisa louise louisette louison louiza louka louna lounes lounis lounys lourdine lourenco lovelie luba lubbert lubin lubomir lubov luc
    luca lucas lucca lucette lucia luciana luciano lucie lucien lucienne lucile lucilia lucilien lucille lucinda lucio lucjan lucrece lucretia
    lucrezia lucyna ludger ludgero ludivine ludmila ludmilla ludovic ludwik luigi luigia luigina luis luisa luisella luiz luka lukas lukasz
    lukoki luljeta lulzim luminita luna luong lupe lusine lutz luzia luzolo lya lyam lydia lydie lydwine lyes lylia lylou lyna lynn lysandre
    lyubov lyudmyla maaike maamar maarten maati mabrouk mabrouka macaire macarena macario maceo maciej macire macky maclou madalin madalina
    madani maddalen maddalena maddi maddy madelaine madeleine madeline madelon maden madenn madhavi madhu madina madjid madjida madjiguene mael
    maelan maelenn maelie maelig maeline maelle maelyne maelys maelyss maeva maeve maewenn mafalda magali magalie magatte magda magdalena
    magdaleno magdalini magdeleine magloire magnhild magnus mahamadou mahamane mahamat mahault mahbub mahbubur mahdi mahdia mahe mahee mahendra
    maher mahesh mahir mahjoub mahjouba mahmoud mahmut maho mahrez mahsun maia maialen mailuxa mailys maimiti maimouna maina mairead maissa
    maitane maite maitena maiwenn maixent maiyer majda majdi majeed majid maka makan makhtar makiese maksim maksym maksymilian malachie malak
    malamine malathi malcolm malek malen malene malgorzata malia malichanh maliha malik malika malin malina malini malkhaz mallaury malle mallory
    malo malone malory malou malvina malwenn maly mamadi mamadou mamady mambaye mame mamert mamisoa mamou mamoudou mamuka mamy manana mandeep
    maneesha manel manex manfred mangala mangone manh manikandan manise manish manisha manitra manivanh manjit manjula manlio manoa manoj
    manolita manolo manon manouk manpreet mansour mansoura manu manuel manuela manuella manuk manzoor maodo maoulida maqsood mara marc marcal
    marceau marcel marcelin marcelina marceline marcelino marcella marcelle marcelline marcello marcien marcin marckenson marco marcolino marcus
    mardochee marek margaret margareta margarete margarida margarita margaux margit margot marguerite maria mariagrazia mariam mariama mariame
    marian mariana mariangela marianne mariannick mariano mariatou mariazinha maribel maricela maricica marie marielle marietou mariette mariia
    marija marijke marika marilena marilou marilyn marilyne marin marina marine marinela marinette mario marion marisa marisol marit marita
    marius mariusz mariya marjan marjolein marjorie mark marko marlene marlon marlyse maroua marouane marta martha marthe martial martin martine
    martinien martino martyna marvin marwa marwan mary maryam maryame maryem marylene maryline marylou maryna maryse maryvon maryvonne marzena
    massilia massimiliano massimo massinissa massogbe massyl matej mateo mateus mateusz mathan mathea matheis matheo mathias mathieu mathilda
    mathilde mathis mathivanan mathurin mathurine mathys matias matilda matilde matis matt matteo matteu matthew matthias matthieu matthijs
    mattia mattin mattis maturin matyas maud maura maurice mauricette mauricio mauril maurille maurizia maurizio mauro mawuli mawunyo max maxence
    maxime maximiliano maximilienne maximin maximino maxine maya mayeul mayi maylee maylie maylis mayssa mbarka mbaye mbuyi mealea mebarek medard
    meddy medeline medhi meena meenakshi meera megan megane meghna mehdi mehdy mehenni mehmet mehmetcan mehwish meike meinrad meissa mekki mel
    melaine melania melanie melchior melchor melec melek melia melicie melike melina meline melis melisande meliss melissa melissande mellila
    melodie melody meltem melusine melvin melvyn menane mendy merab meral merete meriadeg meriam meriem merike meritxell merlin merline merouane
    merri mert merve meryem mesmin messaoud messaouda mesut metella metin meven mevlut mezian mher mia mialy mica micaela michael michail michal
    michee michel michela michelangela michelangelo michele micheline michelle mickael mickaelle mieczyslaw mieke miguel miguela mihaela mihai
    mihail mihaita mihaja mihajlo mihal mikael mikail mikayel mike mikel mikhail mikko mikolaj mila milagros milan milana milena milenko milica
    milio milivoje milla millie milo milomir milorad milos miloslav miloud mimoun mimouna mimoza mina mindy minh mioara miodrag miquel miquela
    mira mirana mircea mirdita mireille mireio mirela mirelha mirella miren mirentxu miriam mirindra mirjana mirjeta mirko mirlande miron
    miroslav miroslava miroslaw misha mislaine mizanur mizgin mkrtich mladen moad moataz moctar modesta modestine modou mody moez mohamad mohamed
    mohammad mohammadi mohammed mohana mohand mohcine mohini mohit moina moinaecha moira moise moises moktar momar mona monaem moncef monegonde
    monia monica monika monique montse montserrat mony moqtar morgan morgana morgane morgann morten mory mostafa mostapha mouctar mouhadji
    mouhamadou mouhamed mouhcine mouloud mouloudi mouna mounia mounir mounira mourad mourid moussa moussaab moussokoro moustapha mubarak mudassar
    muhammed muhammet muharrem muirne mujib mukaddes mukesh munir mura murat muriel muriele murielle murtaza musa mushtaq mustafa mustapha muthu
    muzaffer mya mykhailo mykola mylan mylane mylene mylia myriam myrlande myrto mzia nabil nabila nacer nacera nacim nacira nada nadarajah
    nadeem nadege nadejda nadezda nadezhda nadhir nadia nadiia nadine nadir nadira nadiya nadja nadjat nadjet nadjib nadjoua naeem nael nafi
    nafissa nafissatou nageswaran nagihan nahed naheed nahel nahia nahil nahla naiara naila naim naima nairi nais naivo najat najet najia najib
    najiba najla najma najoua nalan nalini nana nancy nandini nantenaina nantene nantenin naoise naomi naomie naoual naouel narayan narcis
    narciso narcisse nareg narek naresh nargis narimane narinder narine narjess naroa narses nasim nasr nasreddine nasreen nasser nassera nassib
    nassim nassima nassira nassur natacha natalia natalie nataliia natalija natalina nataliya natalka natan natane natasa natasha natercia
    nathalie nathalien nathan nathanael nathaniel natia natividad naveed naveen navjot navneet nawal nawel nawfel nazan nazario nazeli nazha
    nazia nazife nazim nazli nazmiye nazzareno ndaya ndella ndeye ndiaga ndiouga ndriana nebahat nebojsa necati necdet necla necmettin nectaire
    neculai nedeleg nedim neela nefeli neha nehemie neil neila nejib nejma nekane nektarios nelia nelio nella nello nelly nelson nelu nemesie
    nemesio nenad nene neo nepomucene nerea nergis nermin neslihan nesrin nesrine nestor nestorine neval neven nevena nevin nevio nevzat nexhmije
    neyla nezahat ngalula nghia ngoc nhan nhia nhung niakale niamh nicaise nicanor nicasio nicephore nicodeme nicola nicolae nicolas nicole
    nicoleta nicoletta nicolette nicolina nicolo nicomede nicu niculina nicusor nidhal niels nieves nighat nihad nihal nihat nihel nika nikita
    nikola nikolai nikolaos nikolay nikos nil nila nilay nilgun nilima nils nilufer nimal nimet nina ninette nino ninon niouma niranjan nirmala
    nisha nishanth nisrine nithya nitin nivard niyazi nizar noa noah noahm noam nodar noe noel noelia noelle noellie noelline noemi noemia noemie
    nogaye noha nohan nohlan nolan nolann nolhan nolween nolwen nolwena nolwenn nominoe nona noor nora norah norbert norbertine norberto nordine
    norma nosheen nouha nour noura nourdine noureddine nouredine nourhane nouria nourou novak nozha nsimba nugzar nune nuno nunzia nunzio nuon
    nur nuray nurcan nurdan nurettin nurgul nurhan nuri nuria nuriye nursel nurten nusrat nver nzuzi oana oanh obdulia obeline oceane octave
    octavia octavian octavie octavien octavio oddvar odelin odete odette odile odilette odilon odon odysseas ofelia oger ogulcan ogun ohanes oier
    oihan oihana oihartz okan oksana oktay ola olaf olaia olav olcay ole oleg olegario oleh oleksandr oleksandra oleksii oleksiy olena olesia
    olga olha olimpia olimpio olimpiu olinda olivia olivier olivio olti olympe olympiade omaima omar omer onder ondine ondrej onesime onesiphore
    onintza onitiana onja onnik onur ophelia ophelie orazio oren oreste orfeas orhan oriana oriane orietta oringa oriol orion orla orlando orlane
    ornella ors orso orson orsu osanne oscar oskar osman osnel ostap osvaldo oswald otar othello othilie othmane otilia otmar ottavia ottavio
    ottilie otto otton ouafa ouahiba oualid ouarda ouardia ouassila ouassim oudom ouiam oulaya ouleymatou oulimata oum oumaima oumar oumayma
    oumnia oumou oumy ouria ouseynou ousmane oussama ousseni ousseynou outhay outman ovidiu owen owenn oystein ozan ozcan ozden ozge ozgur ozkan
    ozlem pablo paco pacome padma padmini padrig pallavi palmira palmyre paloma pamela pamphile panagiota panagiotis panayotis pancrace pantaleon
    pantelis pantxika pantxoa paola paolina paolo paquita parameswari paraschiva paraskeva paraskevi parminder parthiban parvathi parveen parvez
    pascal pascale pascalin pascaline pascuala pasquale pasqualina pasquin pathe patrice patricia patricio patrick patrik patrizia patrizio
    patrycja patxi paul paula paule pauleau paulette paulien paulin paulina pauline paulo pavel pavithra paviththira pavle pavlina pavlo pavlos
    pawel paxkal pedro peggy peguy peio peire pekka pelagie pelin pello pellumb penelope perceval pericles perig perihan periklis perla pernelle
    pernille perrette perrine petar peter petr petra petrica petro petrone petronela petronelle petronille petros petru petruta pettan petter
    petya peyo phalkun phalla phally phany pharell phea phearith phebe philemon philibert philiberte philippa philippe philippine philogone
    philomele philomene philothee phong phoumy phousavanh phuc phung phuong pia piat piera pierina pierluigi piero pierre pierrette pierrick
    pierrine pierrot pieter pietro pilar pinar piotr pirjo pisey pjeter placida placidie placido plamedi plinio pol polat policarpo polina
    polycarpe polyxeni pome pomponne ponc ponleu pooja porfirio potentienne prabha prabhakaran prabhu pradeep prakash pramila pranav prasanna
    prashant prathap praveen praxede prazeres preciosa predrag preeti prefina preject prem premala priam primael primitivo princia prisca
    priscilla priscille privat priya priyanka procope prosper protais prudencio prune przemyslaw purificacion pushpa qaisar qasim qemal qendrim
    quang quddus quentin quentine quieta quim quintin quirin quirino quiteria quiterie quitterie quoc quyen quynh rabah rabha rabia rabie rabiye
    rachel rachelle rachid rachida radek radha radhia radhika radia radka radmila radomir radoslav radoslaw radouan radouane radovan radu rafael
    rafaela rafaele rafal raffaela raffaele raffaella rafik rafika rafiq raghav ragnar ragnhild rahat rahila rahim rahime rahma rahmi rahmouna
    rahul raimon raimunda raimundo rainer rainier raissa raj raja rajan rajani rajeev rajendra rajesh rajeswari rajinder rajini rajiv raju rakesh
    raksmey ralph raluca raman ramani ramata ramatoulaye ramazan rambert ramdane ramesh ramiro ramla ramon ramona ramya ramzi ramzy rania ranjan
    ranjini ranjit raouf raoul raounak raphael raphaela raphaele raphaelle raquel rary rashid rashida rasika rasmus ratana ratha rathana rathi
    ratko rattana rattanak raul ravaka ravi ravindra ravindran ravy rayan rayane rayhan raymond raymonde razvan rebeca rebecca recep reda redha
    redouan redouane reena refik regina reginald regine regis rehana rehman reidar reijo reinaldo reine reinhard reinhold rejane rekha remacle
    rembert remedios remi remo remus remy remzi remziye renaldo renan renata renate renato renaud renaude rene renee renelde renelle renuka renzo
    reshma resul revaz rexhep reynald reza rezarta rezo rhea riad riadh riaz ricarda ricardo riccardo richard richarde ridvan rifka rihab rihanna
    riitta rija rim rima rinaldo rishi rita ritchie rithy rivo riwal riwan riwanon riza rizwan rkia roar robert roberta roberte roberto robin
    robina robine robinson rocca rocco roch rochdi rocio rodica rodion rodney rodolf rodolfo rodolphe rodrigo rodrigue rogatien rogelio roger
    rogerio rogier rohan rohini rohit roihim roisin rojda rojin rokaya rokhaya rokiatou roland rolande rolf rolv romain roman romana romane
    romaric romary romeo romilda romina romolo romuald romualdo romy ronald ronaldo ronan rony roparz roque rosa rosalba rosalia rosalie rosalina
    rosalinda rosaline rosanna rosaria rosario rose roseline rosella roselyne rosemarie rosemene rosemonde roser rosetta rosette roshan rosie
    rosinda rosine rossana rossella rostislav roswitha rosy rotha rothana rouguiatou rouguy roukia roula roumaissa rouqaya roxana roxane roxanne
    rozarig rozenn ruairi ruben rubina ruby rudi rudiger rudolf rudolphe rudy rufin rufino ruggero ruggiero rui ruken rukhsana rukiye rupa
    ruperto rupinder ruprecht ruslan ruslana rusudan rute rutger ruth ruxandra ruzanna ruzica ryan rym ryszard saad saadia sabah sabahattin
    sabatino sabedin sabiha sabin sabina sabine sabinien sabino sabri sabria sabrina sacha sachin sadek sadete sadia sadik sadok saeed saeeda
    safa safaa safae safdar safia safiatou safietou safiya safiye sagal sagrario sahak sahana sahats sahin saholy sahra said saida saif saikou
    saim saima saimir saing saintin saioa saira sajid sajida sakina sakine salah salaun saleem salete salif salifou salih saliha salim salima
    salimata saliou sallah salma salman salmane salome saloua salvador salvatora salvatore salvatrice saly sam samah samantha samba sambath sambo
    sambou samet sami samia samih samiha samina samir samira samlane samnang samnieng samphors sampiero samson samuel samuele samvel samy samzun
    sana sanaa sanae sanata sancha sancho sanda sandeep sandie sandra sandrina sandrine sandro sandu sandy sangeetha sania sanjana sanjay sanjeev
    sanjeevan sanou santhiya santiago santina santino santu saoirse saousan saovanny sara sarah sarala sarasvati saraswathi sarath saratou
    saravanan sarfraz sarita saritha sarkis saroeun saron sarra sasa sasha sasikala saskia sateb satenik sathish sati satish saturnin saturnine
    saturnino saul savanh savannah savas savath saveria saverio saveriu savinien savita savitri savuth savvas scholastique seang seb sebahat
    sebaste sebastian sebastiana sebastiano sebastiao sebastien sebastienne secundino seda sedat seddik sedik seema sefa segolene seher seika
    sekou sekouba selahattin selami selcuk selda selen selena selene selim selima selin selma selmane selvam selvan selvarajah semih semiha semra
    senay senem sener seng senol senorine sephora serafim serafina serafino serap seraphin seraphine serapio serdar serena serenus serey serge
    sergei sergej sergey sergio sergiu serhat serhii serhiy serigne serj serkan serpil sertac servais servane servet seth setha settimio sevag
    sevan sevasti sevda severin severine severino sevgi sevil sevim sevinc seydou seyfettin seyit seynabou sezen sezer sezgin seznec shabana
    shabbir shafiq shagufta shahbaz shahe shahid shahida shahnaz shahzad shailesh shaima shaina shaista shakeel shalini shamim shamima shan shana
    shankar shanmugam shanna shannon shant shanthi sharmila sharon shashi shaukat shawn shayna shazia sheela sheila shelby shella shemsi sheraz
    sheryl shirel shirley shiva shkelqim shobha shoghik shota shpetim shpresa shqipe shreya shruti shushan shyam siaka siam sibel sidi sidika
    sidney sidoine sidonie sidy siegfried siegrid siffrein sigisbert sigismond sigmund sigolene sigrid sigrun sigurd siham sihem silas silke
    silvain silvana silvano silvere silverio silvestre silvestro silvia silvina silvino silvio silviu simao simeon simion simon simona simone
    simonetta simonne simplice sina sinan sinda sindhu sinead sinem sinisa sinnadurai sinnathamby siobhan siphone sira siranush sirine sisavath
    sitan sitara sitraka sitti siv sivakumar sivan sivanesan sivilay sixte sixtine sixto slavica slavko slawomir slim slima slimane slobodan
    smaranda smita sneha snezana snorre soa soazig socorro sofia sofian sofiane sofien sofiia sofija sofiya sohail sohan soifiat soilihi soizic
    soizick sok sokha sokhalay sokhna sokhoeun sokhom sokly sokol sokratis sokun sokunthea solal solange soledad solen solene solenne soliman
    soline solofo soloniaina solveig somchai somchit somkhit somphone somsack sona sonal songul sonia sonja sonny sopha sophal sophea sopheak
    sopheap sophia sophian sophiane sophie sophoan sophronie sopio soraya sorcha soren soriba sorin sorina sosse sothea sothy sotiria sotirios
    souad souade souhail souhaila souheil souk soukaina soukanh souksavanh soulaimane soulef souleimane souleymane soumaila soumaya soumia
    soumicha sounkarou souphaphone souraya souria sovann sovannara sovannary spiridoula spomenka spyridon spyros srdan sreymom sreypov srinivas
    sriram stacy staffan stamatia stan stanislas stanislav stanislava stanislaw stanka stanley stavros stavroula steeve stefan stefania stefano
    steffen steinar stela stelio stelios stella steluta stepan stephan stephane stephanie stephen stereden sterenn stergios stevan steve steven
    stevens stevy stig stoyan strahinja styliani stylianos suat subashini subramaniam suchitra sudha sugumar sujatha sukhdeep sukhjit sukhwinder
    sukran sukru suleyman suliac sulpice sultana suman sumathi sundar sundaram sunil sunita sunly suong suresh surinder suriya surjit susana
    susanne sushila sushma sustrai suzan suzanne suzel suzette suzie suzon svein sven svend sverre svetlana svetozar sveva svitlana swann swathi
    swati sybille sylvain sylvaine sylvere sylvestre sylvette sylvia sylviana sylviane sylvie sylwia symphorien synnove szymon taavi tacko tadeo
    tadeusz tage tahar taher tahina tahir tahira tahsin taieb taina taisiya talel talha talia taline talwyn talya tamar tamara tamaz tamil
    tamilselvi tamim tamta tamuna tanase tancrede tancredi taner tanguy tania tanneguy tansu tantely tanveer tanvir tao taoufik taous tapio tara
    taras tarcisius tarek tarik tariq tarkan tarun tasleem tasneem tassadit tatev tatiana tatienne tatjana tatyana taulant taurin tayeb tayfun
    taylan teddy tedi teemu teimuraz tejal tekin telesphore telio telma telmo temur tenessy tenin teninba teo teodolinda teodor teodora teodoro
    teofil teofilo teoman teotonio terence teresa teresinha terexa terje tess tessa tetiana teun teuta thach thaddee thais thaissa thalia thanam
    thanasis thanh thao thara tharani tharcisse tharsan tharshini thavisack thavone thavy thea theana theavy thecle thelma themis theo theobald
    theodor theodora theodore theodorine theodoros theodule theofano theofilos theophane theophile theophraste theotim theotime therese thi
    thiago thibaud thibaude thibault thibaut thien thierno thierry thiet thiffany thijs thim thinh thioro thivya thiziri thoa thomai thomas
    thomasine thorbjorn thorsten thorvald thu thuan thuong thusha thuy tiago tiana tibault tibere tiberiu tiburce tiburcio tidiane tidiani
    tidjane tiemoko tifaine tifany tiffaine tiffany tigran tiguida tihomir tilda tilio tilman tim timael timea timeo timo timofey timoleon
    timotea timoteo timothe timothee timur tina tinatin tine tinh tinhinane tino tiphaine titin titouan tittin titus tiziana tiziano toan tobias
    todor toiha tojo toky tolga tom tomas tomasa tomasz tomek tomislav tommasa tommaso tommy toni tonin tonio tony torben torgeir toribio torill
    tornike toros torsten torunn toufik toumani toumi toure toussaint toussainte tracy traian trang traugott trecy treveur trinh trinidad tristan
    tristana trond trophime trung truong trygve tsanta tshala tsiory ttotte tuan tudal tudgwal tudi tudor tudorel tudual tugba tugce tugdual
    tulay tullio tunahan tuncay tuomas turan turgay turgut turiaf turid turkia tuyen tuyet txomin tychique tyler tylia tymeo tyron tyrone ubald
    ubaldo ufuk ugo ugur uisant ulas ulfran ulises ulla ulric ulrich ulrika ulrike ulysse umberto umesh umit umran umut unai unal urbain urbano
    uriel ursula ursule ursulin urszula urvashi usha usman usoa uthaya uwe uxue uyen uzma vaast vadim vadym vaggelis vahagn vahan vahap vahatra
    vahe vaino vaishnavi vakhtang valbona valdemar valdete valdo valentim valentin valentina valentine valentino valentyna valere valeria
    valerian valeriane valeriano valerie valerien valeriia valerio valeriu valeriy valery vali valmir valter valtiarta vanda vanessa vangelis
    vani vanik vanina vanitha vanja vanna vannak vannara vannina vannuccia vanthy vanya varduhi vartan vartouhi vartoush varun varvara vasantha
    vasanthi vasco vasil vasile vasilica vasiliki vasilios vasilis vasilisa vassil vassili vassiliki vassilis vasuki vasyl vazgen veasna vebjorn
    veda vedat vedran veena veit veli velimir venance venancia venancio venceslas venkat venkatesh vera veran verane verica veronica veronika
    veronique vesa vesna viacheslav vianney vibeke vicencia vicenta vicente vicentiu vicky victoire victor victoria victoriano victoric victorien
    victorin victorine victorino vidar vidhya vidya viengkham viet vieux viggo vignesh vijay vijaya vikas vikram viktor viktoria viktoriia
    viktoriya vilay vilfrid vilma vimala vinay vinayagam vincent vincente vincenza vincenzina vincenzo vinciane vinh vinod vinodh vinoth violaine
    violet violeta violetta violette viorel viorica vipul viraj virak vireak virgil virgile virgilio virginia virginie virginio viriato visal
    visar vishal vishnu visitacion vital vitalie vitalien vitalii vitaliy vitaly vithushan vito vitor vitoria vittoria vittorio vivian viviana
    viviane vivianne vivien vivienne vjekoslav vjollca vlad vladan vladimir vladimira vladislav vladut vladyslav vlatko voahangy vojislav vojtech
    volatiana volkan volker volkmar volodia volodymyr vololona vong vonjy vrej vsevolod vuk vuthy waclaw wactaw wael wafa wafae wahib wahiba
    wahid wajid walbert walburga waldemar waleran walid walida walter waltraud waly wanda wandrille waqar warda warren waseem wassa wassila
    wassim welid wenceslao wenceslas wendelin wendie wendy werner weronika wesley wesner wessel widad widade widlin wiebke wiem wieslaw wieslawa
    wietske wiktor wiktoria wilfrid wilfried wilhelm wilhelmine willem william willie willy wilna wilner wilson winfried winnie winoc wioletta
    wislande wissal wissam wissem wit witold wladimir wladyslaw wladyslawa wlodzimierz wojciech wolfgang wolfram wouter xabi xabier xalbat xan
    xander xantiana xarles xavier xaviere xenia xhavit xheladin xhevahire xhevdet ximena ximun xiomara xiong xipri xuan xuban yaa yacine yacouba
    yael yaelle yagmur yahia yahya yakine yakoub yakup yalcin yamina yamine yamini yamna yan yana yanaelle yani yanice yanick yanina yanis yaniss
    yann yannic yannice yannick yannig yannis yao yaouen yara yaroslav yaroslava yasar yash yasin yasir yasmeen yasmin yasmina yasmine yasser
    yassin yassine yassir yassmine yavuz yaya yaye yazid yeghia yegor yehor yelena yeliz yeng yervand yessine yeter yevgen yevgeniy yevgeniya
    yevhen yevheniia yiannis yidir yigit yildiz yilmaz ying ylan yliana yngve yngvild yoan yoana yoann yoav yogesh yogeswaran yohan yohann
    yolaine yolanda yolande yolene yon yona yoni yorgos yorick yoro youa youcef youenn youma youna younes younous youri yousra youssef youssouf
    youssouffa youssoupha youssra ysaline ysaure yseult yugurten yulia yuliia yuliya yuna yunus yurdagul yuri yurii yuriy yusra yusuf yvain yvan
    yvane yvanne yveline yvelise yvenne yves yvetta yvette yvon yvonne yvonnick yvrose ywen zabel zacarias zacharie zachary zafar zafer zaharia
    zaheer zaher zahia zahid zahida zahir zahira zahra zaid zaina zainab zainaba zaineb zaira zaitouni zakari zakaria zakariya zaki zakia
    zalihata zamfir zamira zara zaven zayd zaynab zaza zbigniew zbyszek zdenek zdenka zdravko zdzislaw zeeshan zef zeferino zehra zeina zeinabou
    zeineb zekeriya zeki zelda zelia zelie zeliha zena zenaida zenaide zenon zephirin zephyrin zerrin zeycan zeynep zeyno zhanna zhen zhor zia
    ziad zidane zied zigor zilan zilia zinaida zineb zined zineddine zinedine zisis zita ziya zlatan zlatko zoe zofia zoheir zohir zohra zoi
    zoilo zoja zoly zora zoran zorica zoubida zoubir zouhair zouhir zoulikha zoumana zoya zozime zsofia zubair zubeyde zuhal zuleika zulfiqar
    zulfiye zulmira zurab zurine zuzana zuzanna zviad zvonimir zygmunt
    """
)

SURNAMES = listed_words(
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

PLACES = listed_words(
    """
    agence allee allees amicale arret association av avenue bas bd bibliotheque boulevard cabinet cathedrale centre chapelle chemin cimetiere cinema
    clinique club college comite commune complexe cours creche direction dit ecole eglise elementaire espace esplanade eurl federation fondation fontaine
    gare grand grande groupe gymnase halle hameau haut hopital hotel impasse institut jardin lieu lotissement lycee mairie maison marche maternelle
    mediatheque mont musee nouveau nouvelle office parc parking passage petit petite pharmacie piscine place point pole pont primaire quai quartier
    residence rond route rue sa saint sainte salle sarl sas sci scolaire scop service societe square st stade station ste syndicat theatre union
    universite ville za zi zone
    """
)
"""Words that make a phrase a place or a body, even when it bears somebody's name: « rue Victor Hugo », «
école Jules Ferry ».
"""
