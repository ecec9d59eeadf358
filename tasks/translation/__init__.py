"""French sentences become English ones: prepared, cut where they are too long, translated, checked and repaired."""

from tasks.translation.cache import CachingTranslator, SentenceCache
from tasks.translation.sentences import Translation, translate

__all__ = ["CachingTranslator", "SentenceCache", "Translation", "translate"]
