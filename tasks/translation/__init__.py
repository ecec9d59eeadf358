"""Makes English sentences of French ones: prepares them, cuts long ones, translates, checks and repairs."""

from tasks.translation.cache import CachingTranslator, SentenceCache
from tasks.translation.glossary import Glossary
from tasks.translation.sentences import Translation, translate

__all__ = ["CachingTranslator", "Glossary", "SentenceCache", "Translation", "translate"]
