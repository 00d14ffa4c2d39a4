"""x"""
import pytest
from django.db import connection
def test_x(db):
    with connection.cursor() as c:
        c.execute("SELECT count(*) FROM disclosures_disclosure")
