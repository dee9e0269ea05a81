"""The Celery application. Messages only wake workers, so nothing here has to keep jobs: the rows do."""

from __future__ import annotations

from celery import Celery

from workers.broker import KEY_PREFIX, QUEUE, broker_url
from workers.settings import Settings


def make_app(settings: Settings) -> Celery:
    """An application for this broker; importing or making it connects to nothing and loads no task."""
    app = Celery("lexframe", broker=broker_url(settings.redis_url or ""), include=["workers.tasks"], set_as_current=False)
    limit = int(settings.job_seconds) + 30
    app.conf.update(
        result_backend=None,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        enable_utc=True,
        task_default_queue=QUEUE,
        task_acks_late=True,  # a duplicate finds its job taken
        task_reject_on_worker_lost=False,  # True redelivers a poisonous document for ever (celery#9082)
        task_acks_on_failure=True,
        task_acks_on_timeout=True,
        task_retry_on_worker_lost=False,  # the reconciler retries, and counts
        task_time_limit=limit,  # the heartbeat fails the job before that
        worker_prefetch_multiplier=1,
        worker_concurrency=settings.concurrency,
        worker_consumer="workers.consumer:Consumer",
        worker_pool="prefork",
        worker_pool_start_method="spawn",  # torch does not survive a fork
        worker_max_memory_per_child=settings.memory_mib * 1024,
        worker_proc_alive_timeout=120,  # loading models takes longer than the default of 4 s
        worker_soft_shutdown_timeout=settings.grace_seconds,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_pool_acquire_timeout=5,
        task_publish_retry=False,
        broker_transport_options={
            "visibility_timeout": 2 * limit + 60,
            "unacked_restore_interval": 15,
            "unacked_restore_throttle": 1,
            "unacked_mutex_expire": 30,  # the default of 300 s stops all redelivery when its holder is killed
            "socket_timeout": 10,
            "socket_connect_timeout": 3,
            "socket_keepalive": True,
            "health_check_interval": 10,
            "global_keyprefix": KEY_PREFIX,
            "queue_order_strategy": "priority",  # light and single jobs before those of batches
        },
    )
    return app
