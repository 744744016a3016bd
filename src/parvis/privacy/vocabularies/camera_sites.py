"""Where cameras stand: public security (CRPA, L311-5, 2° d)."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

camera_sites = Vocabulary(
    name="camera-sites",
    title="emplacements de caméras",
    sensitivity=Sensitivity.SECRET,
    of="sites",
    headers=r"\bcameras?\b|\bvideoprotection|\bvideosurveillance|\bvideo protection|\bcctv\b|\bangle de vue|\bchamp de vision",
    words=r"\bcamera|\bvideoprotection|\bvideosurveillance|\bvideo[- ]protection|\bcctv\b|\bdome (?:ptz|motorise)|\bptz\b|\blapi\b",
    article="L’emplacement exact des caméras aide qui veut y échapper (CRPA, L311-5) : publiez leur nombre par quartier.",
    right=(("camera", ("C1", "C2", "C3")), ("equipement", ("caméra dôme", "caméra fixe", "vidéoprotection"))),
    bad=(("equipement", ("banc", "corbeille", "fontaine")), ("nb_cameras", ("1", "2", "3"))),
)
