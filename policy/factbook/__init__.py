"""The facts a rule may name, room by room: who asks, the customer and account, the payment, the case, cards and logins, service."""
