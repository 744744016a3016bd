"""The people whom streets, schools and halls of France are called after, folded, particles left out: a column
full of them names places, not citizens.

Our own list, of the names that most towns have given. Alone none tells anything (somebody may be called Paul
Bert): it is their share in a column that does.
"""

from __future__ import annotations

EPONYMS = frozenset(
    name.strip()
    for name in """
    jean moulin, jules ferry, marie curie, pierre curie, pierre marie curie, irene joliot curie, frederic joliot curie, joliot curie, victor hugo,
    louise michel, jean jaures, simone veil, louis pasteur, george sand, jacques prevert, paul eluard, pierre brossolette, rosa parks, anatole france,
    camille claudel, antoine saint exupery, saint exupery, jean zay, marcel pagnol, germaine tillion, leon blum, emile zola, albert camus, robert
    desnos, lucie aubrac, raymond aubrac, olympe gouges, gerard philipe, paul langevin, pablo picasso, frederic mistral, charles gaulle, general
    gaulle, leon gambetta, georges clemenceau, aristide briand, jules guesde, ferdinand buisson, paul bert, jean mace, henri barbusse, romain rolland,
    louis aragon, elsa triolet, guy moquet, gabriel peri, danielle casanova, missak manouchian, colonel fabien, henri wallon, helene boucher, jean
    mermoz, roland garros, pierre mendes france, francois mitterrand, georges pompidou, robert schuman, jean monnet, salvador allende, nelson mandela,
    martin luther king, mahatma gandhi, anne frank, sophie scholl, charles peguy, charles perrault, jean fontaine, jean racine, pierre corneille,
    blaise pascal, rene descartes, denis diderot, jean jacques rousseau, michel montaigne, francois rabelais, pierre ronsard, joachim bellay, francois
    villon, honore balzac, gustave flaubert, guy maupassant, alphonse daudet, alphonse lamartine, alfred musset, alfred vigny, alexandre dumas, jules
    verne, jules valles, jules renard, prosper merimee, theophile gautier, gerard nerval, charles baudelaire, paul verlaine, arthur rimbaud, stephane
    mallarme, guillaume apollinaire, max jacob, francis jammes, paul valery, marcel proust, andre gide, francois mauriac, andre malraux, jean giono,
    jean cocteau, raymond queneau, boris vian, georges perec, marguerite yourcenar, marguerite duras, simone beauvoir, jean paul sartre, francoise
    sagan, francoise dolto, maria montessori, celestin freinet, jean piaget, colette, sidonie gabrielle colette, claude monet, edouard manet, paul
    cezanne, paul gauguin, vincent gogh, auguste renoir, auguste rodin, henri matisse, georges braque, fernand leger, marc chagall, berthe morisot,
    suzanne valadon, gustave courbet, eugene delacroix, gustave eiffel, claude debussy, maurice ravel, hector berlioz, georges bizet, gabriel faure,
    erik satie, charles gounod, edith piaf, georges brassens, jacques brel, leo ferre, jean ferrat, barbara, charles trenet, charles aznavour, serge
    gainsbourg, yves montand, simone signoret, jean vilar, jean gabin, jean renoir, jacques tati, louis lumiere, freres lumiere, francois truffaut,
    agnes varda, louis funes, philippe noiret, moliere, jean baptiste poquelin, claude bernard, antoine lavoisier, louis braille, ambroise pare, rene
    laennec, louis neel, henri becquerel, henri poincare, evariste galois, sophie germain, ada lovelace, emilie chatelet, marie marvingt, jean perrin,
    louis broglie, alexandre yersin, albert schweitzer, albert calmette, albert einstein, isaac newton, galilee, leonard vinci, nicolas copernic,
    christophe colomb, jacques cartier, samuel champlain, jean bart, robert surcouf, vercingetorix, jeanne arc, jeanne hachette, clovis, charlemagne,
    saint louis, henri iv, francois premier, louis xiv, napoleon bonaparte, general leclerc, philippe leclerc, marechal foch, ferdinand foch, marechal
    joffre, joseph joffre, marechal juin, jean lattre tassigny, lattre tassigny, pierre koenig, honore estienne orves, estienne orves, berty albrecht,
    genevieve gaulle anthonioz, josephine baker, lucie baud, gisele halimi, flora tristan, maria deraismes, hubertine auclert, george politzer,
    georges politzer, jacques decour, marc bloch, jean prevost, rene cassin, rene char, pierre dac, raymond poincare, adolphe thiers, sadi carnot,
    lazare carnot, jules michelet, ernest renan, hippolyte taine, alexis tocqueville, victor schoelcher, toussaint louverture, abbe gregoire, abbe
    pierre, coluche, soeur emmanuelle, mere teresa, vincent paul, saint vincent paul, maximilien robespierre, georges danton, jean paul marat, camille
    desmoulins, louis antoine saint just, gracchus babeuf, honore mirabeau, nicolas condorcet, auguste comte, auguste blanqui, pierre joseph proudhon,
    karl marx, vladimir lenine, rosa luxemburg, ambroise croizat, maurice thorez, marcel cachin, marcel paul, jacques duclos, marcel sembat, roger
    salengro, edouard vaillant, edouard herriot, jean baptiste clement, eugene pottier, pierre semard, benoit frachon, maurice genevoix, roland
    dorgeles, alain fournier, louis pergaud, henri bosco, paul arene, paul fort, antoine bourdelle, aristide maillol, frederic bartholdi, niki saint
    phalle, joan miro, salvador dali, amedeo modigliani, paul klee, robert doisneau, nicephore niepce, louis daguerre, felix nadar, clement ader,
    louis bleriot, antoine parmentier, olivier serres, pierre poivre, alice milliat, marcel cerdan, pierre coubertin, louison bobet, jacques anquetil,
    raymond poulidor, jesse owens, emile zatopek, alain colas, eric tabarly, alain gerbault, haroun tazieff, jacques yves cousteau, paul emile victor,
    theodore monod, jean baptiste charcot, jean rostand, jean henri fabre, georges cuvier, georges buffon, jean baptiste lamarck, charles darwin,
    thomas pesquet, claudie haignere, neil armstrong, youri gagarine, valentina terechkova, katherine johnson, rosalind franklin, dorothy hodgkin,
    wangari maathai, angela davis, aime cesaire, leopold sedar senghor, frantz fanon, gaston monnerville, felix eboue, maryse bastie, amelia earhart,
    adrienne bolland, charles lindbergh, georges guynemer, rene fonck, pauline kergomard, suzanne lacore, marie laurencin, sonia delaunay, robert
    delaunay, louise bourgeois, louise weiss, marcelle tinayre, madame sevigne, marquise sevigne, anna noailles, comtesse segur, marie france, agrippa
    aubigne, clement marot, nicolas boileau, jean bruyere, jacques bossuet, francois fenelon, pierre beaumarchais, pierre marivaux, andre chenier,
    francois rene chateaubriand, germaine stael, jose maria heredia, leconte lisle, edmond rostand, alfred jarry, georges courteline, tristan bernard,
    sacha guitry, louis jouvet, charles dullin, gerard depardieu, andre ampere, andre marie ampere, charles coulomb, denis papin, joseph fourier,
    augustin fresnel, francois arago, jean foucault, leon foucault, urbain verrier, camille flammarion, pierre laplace, gaspard monge, marcelin
    berthelot, henri moissan, paul sabatier, victor grignard
    """.replace("\n", " ").split(",")
    if name.strip()
)
