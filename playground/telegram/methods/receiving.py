"""getMe, getUpdates and the webhook's settings."""

import re

from aiogram.methods import Close, DeleteWebhook, GetMe, GetUpdates, GetWebhookInfo, LogOut, SetWebhook

from playground.telegram.methods.registry import Context, Described, method
from playground.telegram.refusals import bad_request, conflict
from playground.telegram.state import Json
from playground.telegram.updates import Update
from playground.telegram.webhook import DEFAULT_CONNECTIONS, Target

LONGEST_POLL = 50
_SECRET = re.compile(r"[A-Za-z0-9_\-]{1,256}$")
# The real server takes https only; the bot of the playground listens on this machine without a certificate.
_ADDRESS = re.compile(r"https?://[^\s/]+(/\S*)?$")


@method(GetMe)
def get_me(context: Context, _call: GetMe) -> Json:
    return context.telegram.bot.me()


@method(GetUpdates)
async def get_updates(context: Context, call: GetUpdates) -> list[Update]:
    telegram = context.telegram
    if telegram.webhook.target is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    telegram.updates.allow(call.allowed_updates)
    if call.offset:
        telegram.updates.confirm(call.offset)
    limit = call.limit if call.limit and 1 <= call.limit <= 100 else 100
    return await telegram.updates.poll(limit, min(max(call.timeout or 0, 0), LONGEST_POLL))


@method(SetWebhook)
async def set_webhook(context: Context, call: SetWebhook) -> Described:
    telegram = context.telegram
    if not call.url:
        return await _delete(context, bool(call.drop_pending_updates))
    if not _ADDRESS.match(call.url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if call.secret_token and not _SECRET.match(call.secret_token):
        raise bad_request("secret token contains unallowed characters")
    connections = call.max_connections or DEFAULT_CONNECTIONS
    target = Target(
        call.url,
        call.secret_token or "",
        min(max(connections, 1), 100),
        call.ip_address,
        call.certificate is not None,
    )
    telegram.updates.allow(call.allowed_updates)
    if call.drop_pending_updates:
        telegram.updates.drop_all()
    if telegram.webhook.target == target:
        return Described(True, "Webhook is already set")
    await telegram.webhook.set(target)
    return Described(True, "Webhook was set")


@method(DeleteWebhook)
async def delete_webhook(context: Context, call: DeleteWebhook) -> Described:
    return await _delete(context, bool(call.drop_pending_updates))


async def _delete(context: Context, drop: bool) -> Described:
    telegram = context.telegram
    was_set = telegram.webhook.target is not None
    await telegram.webhook.remove()
    if drop:
        telegram.updates.drop_all()
    return Described(True, "Webhook was deleted" if was_set else "Webhook is already deleted")


@method(GetWebhookInfo)
def get_webhook_info(context: Context, _call: GetWebhookInfo) -> Json:
    webhook, updates = context.telegram.webhook, context.telegram.updates
    target = webhook.target
    info: Json = {
        "url": target.url if target else "",
        "has_custom_certificate": bool(target and target.custom_certificate),
        "pending_update_count": len(updates.pending),
    }
    if target is not None:
        info["max_connections"] = target.max_connections
        if target.ip_address:
            info["ip_address"] = target.ip_address
        if webhook.last_error_date is not None:
            info["last_error_date"] = webhook.last_error_date
            info["last_error_message"] = webhook.last_error_message
    if updates.allowed is not None:
        info["allowed_updates"] = sorted(updates.allowed)
    return info


@method(LogOut, Close)
def leave(_context: Context, _call: LogOut | Close) -> bool:
    return True
