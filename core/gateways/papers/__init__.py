"""Papers as PDF/A-2b by typst, signed and read by pyHanko."""

from core.gateways.papers.press import TypstPapers
from core.gateways.papers.reading import PadesReader
from core.gateways.papers.signing import PadesSigner

__all__ = ["PadesReader", "PadesSigner", "TypstPapers"]
