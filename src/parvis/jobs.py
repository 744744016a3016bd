"""The pipeline as durable workflows, queues and schedules."""
