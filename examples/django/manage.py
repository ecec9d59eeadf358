"""A Django project of the smallest kind: `python examples/django/manage.py translate article.txt`. Needs django too."""

import sys

from django.conf import settings
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    settings.configure(INSTALLED_APPS=["newsroom"], USE_TZ=True)
    execute_from_command_line(sys.argv)
