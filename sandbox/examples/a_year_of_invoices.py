"""A customer subscribes, and a year passes.

Start the sandbox (`npx stripe-sandbox`), then:

    pip install stripe
    python a_year_of_invoices.py
"""

import json
import os
import urllib.request

import stripe

API = os.environ.get("STRIPE_API", "http://127.0.0.1:12111")
client = stripe.StripeClient("sk_test_sandbox", base_addresses={"api": API})


def control(path, body):
    """What Stripe's API cannot do: pay a Checkout without its page, and move the clock."""
    request = urllib.request.Request(
        f"{API}/_sandbox{path}", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


product = client.v1.products.create({"name": "Magazine"})
price = client.v1.prices.create(
    {
        "product": product.id,
        "currency": "eur",
        "unit_amount": 700,
        "recurring": {"interval": "month"},
    }
)
customer = client.v1.customers.create({"email": "reader@example.com"})
session = client.v1.checkout.sessions.create(
    {
        "mode": "subscription",
        "customer": customer.id,
        "line_items": [{"price": price.id, "quantity": 1}],
        "success_url": "https://magazine.example.com/thanks",
    }
)
control(f"/checkout/{session.id}/complete", {"card": "4242424242424242"})
control("/clock", {"advanceDays": 360})

invoices = list(client.v1.invoices.list({"customer": customer.id}).auto_paging_iter())
for invoice in reversed(invoices):
    print(f"{invoice.number}  {invoice.status}  {invoice.amount_paid / 100:.2f} {invoice.currency}")
print(f"{len(invoices)} invoices, {sum(i.amount_paid for i in invoices) / 100:.2f} euros in all")
