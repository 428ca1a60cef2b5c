"""Articles in clear, what was proposed beside them, and the questions of chats, sealed."""

from core.storage.knowledge.articles import SqlArticles
from core.storage.knowledge.questions import SqlQuestions
from core.storage.knowledge.rows import ArticleRow, AskedRow, ProposalRow

__all__ = ["ArticleRow", "AskedRow", "ProposalRow", "SqlArticles", "SqlQuestions"]
