"""The engines, which fulfil the Protocols of ``tasks/engines.py``. Only here are model libraries imported."""
