#!/usr/bin/env python3
"""Makes communes_outlines.json: the outlines of the communes, small enough to be sent to every desk.

    python3 assets/data/outlines.py COMMUNES.geojson > assets/data/communes_outlines.json
    python3 assets/data/outlines.py COMMUNES.geojson 12000 4 > assets/data/communes_contours.json

COMMUNES.geojson: Polygon features with the properties code and nom, in WGS 84, such as the communes
of https://github.com/gregoiredavid/france-geojson (IGN Admin Express 2018 and INSEE, Licence Ouverte)
reduced to those of communes.csv. The outlines are drawn in a plane of 1000 units of width, or as many
as are given with the tolerance; lines that two communes share are simplified once, so that no gap
opens between them. The second form is for kiosks, where the map is looked at closely: units of 3 m.
"""
import json
import math
import sys

WIDTH = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
TOLERANCE = float(sys.argv[3]) if len(sys.argv) > 3 else 1.6  # units; one is some 37 m by default


def read(path):
    with open(path, encoding="utf-8") as file:
        features = json.load(file)["features"]
    communes = []
    for feature in features:
        if feature["geometry"]["type"] != "Polygon":
            sys.exit(f"{feature['properties']['nom']} n’est pas d’un seul tenant")
        rings = [[tuple(point) for point in ring[:-1]] for ring in feature["geometry"]["coordinates"]]
        communes.append((feature["properties"]["code"], feature["properties"]["nom"], rings))
    return sorted(communes)


def plane_of(communes):
    points = [p for _, _, rings in communes for ring in rings for p in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    per_lon = WIDTH / (east - west)
    per_lat = per_lon / math.cos(math.radians((south + north) / 2))
    return {"west": west, "north": north, "per_longitude": round(per_lon, 3),
            "per_latitude": round(per_lat, 3), "width": WIDTH,
            "height": math.ceil((north - south) * per_lat)}


def corners_of(communes):
    """Points where the lines of three or more places meet: they stay."""
    near = {}
    for _, _, rings in communes:
        for ring in rings:
            for i, point in enumerate(ring):
                near.setdefault(point, set()).update((ring[i - 1], ring[(i + 1) % len(ring)]))
    return {point for point, others in near.items() if len(others) > 2}


def far(point, a, b):
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy)
    if length == 0:
        return math.hypot(point[0] - a[0], point[1] - a[1])
    return abs(dx * (a[1] - point[1]) - dy * (a[0] - point[0])) / length


def simplify(line):
    """Douglas and Peucker."""
    if len(line) < 3:
        return line
    index, most = max(((i, far(p, line[0], line[-1])) for i, p in enumerate(line[1:-1], 1)),
                      key=lambda pair: pair[1])
    if most <= TOLERANCE:
        return [line[0], line[-1]]
    return simplify(line[:index + 1])[:-1] + simplify(line[index:])


def outline(ring, corners, to_plane):
    """The ring between its corners, each line simplified from its smaller end: both sides agree."""
    fixed = [i for i, p in enumerate(ring) if p in corners] or [0, len(ring) // 2]
    result = []
    for n, start in enumerate(fixed):
        end = fixed[(n + 1) % len(fixed)]
        line = ring[start:end + 1] if end > start else ring[start:] + ring[:end + 1]
        turned = line[0] > line[-1]
        plane = simplify([to_plane(p) for p in (reversed(line) if turned else line)])
        result += (list(reversed(plane)) if turned else plane)[:-1]
    return [(round(x), round(y)) for x, y in result]


def path(rings):
    text = ""
    for ring in rings:
        x, y = ring[0]
        text += f"M{x} {y}l"
        steps = []
        for to_x, to_y in ring[1:]:
            if (to_x, to_y) != (x, y):
                steps.append(f"{to_x - x} {to_y - y}")
                x, y = to_x, to_y
        text += " ".join(steps).replace(" -", "-") + "z"
    return text


def centre(ring):
    """Where a place of the commune is drawn that says no more than its commune."""
    area = cx = cy = 0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1]):
        part = x0 * y1 - x1 * y0
        area, cx, cy = area + part, cx + (x0 + x1) * part, cy + (y0 + y1) * part
    return {"x": round(cx / (3 * area)), "y": round(cy / (3 * area))}


def main():
    communes = read(sys.argv[1])
    plane = plane_of(communes)
    corners = corners_of(communes)

    def to_plane(point):
        return ((point[0] - plane["west"]) * plane["per_longitude"],
                (plane["north"] - point[1]) * plane["per_latitude"])

    drawn = [(code, name, [outline(ring, corners, to_plane) for ring in rings])
             for code, name, rings in communes]
    json.dump({
        "source": "IGN Admin Express 2018, INSEE ; Licence Ouverte 2.0",
        "plane": plane,
        "communes": [{"code": code, "name": name, "centre": centre(rings[0]), "path": path(rings)}
                     for code, name, rings in drawn],
    }, sys.stdout, ensure_ascii=False, separators=(",", ":"))
    print()


main()
