"""Ways over a road network: a graph from lines, where a point joins it, the shortest ways between places.

    roads = graph.build(lines, kmh=speeds, forth=forth, back=back)   # lines: one array (k, 2) of lon, lat
    each
    stops = Snapper(roads).snap(lon, lat)                            # nearest street of each place, at its
    true spot along it
    net = network.join(roads, stops, cost_forth, cost_back)          # costs an edge: roads.length_m, or
    roads.seconds(...)
    ways.matrix(net)                                                 # (p, p) between the stops, one-way
    streets obeyed
    ways.matrix(net, also=net.metres)                                # and the metres along those same ways
    ways.nearest(net, origin, k=5, eligible=open_now)                # the k nearest stops by way, exact
    ways.line(net, origin, stop)                                     # the way itself, as lon, lat

Pure: arrays in, arrays out. What the lines do not join at a common vertex is not joined: a bridge over a
street is no junction.
"""
