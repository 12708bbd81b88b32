from creative.engine.protocol import Request, RequestQueued
from creative.engine.tickets import OpenTicket
from creative.engine.waiting import MAX_QUEUED, Waiting


def ticket(id, user=""):
    return OpenTicket(Request(id=id, user=user, rows=()), lambda _: None)


def order(waiting, served=()):
    """The ids in the order in which they are taken, each then being served."""
    served, ids = list(served), []
    while len(waiting):
        taken = waiting.take(served).request
        served.append(taken)
        ids.append(taken.id)
    return ids


def queue(*pairs):
    waiting = Waiting()
    for id, user in pairs:
        waiting.add(ticket(id, user))
    return waiting


def test_users_take_turns():
    waiting = queue(("a1", "ann"), ("a2", "ann"), ("a3", "ann"), ("b1", "bob"), ("b2", "bob"))
    assert order(waiting) == ["a1", "b1", "a2", "b2", "a3"]


def test_who_is_being_served_waits_longer():
    waiting = queue(("a1", "ann"), ("b1", "bob"))
    assert order(waiting, [Request(id="a0", user="ann", rows=())]) == ["b1", "a1"]


def test_requests_without_a_user_are_users_of_their_own():
    assert order(queue(("1", ""), ("2", ""), ("a", "ann"))) == ["1", "2", "a"]


def test_positions_are_told_once_and_again_when_they_change():
    waiting = Waiting()
    first, second, other = ticket("a1", "ann"), ticket("a2", "ann"), ticket("b1", "bob")
    for each in (first, second):
        waiting.add(each)
    waiting.tell([])
    waiting.tell([])
    waiting.add(other)
    waiting.tell([])
    waiting.remove(first)
    waiting.tell([])
    second.finish()
    positions = [event.position for event in second if isinstance(event, RequestQueued)]
    assert positions == [2, 3, 1]


def test_the_queue_is_bounded():
    waiting = queue(*((str(number), "") for number in range(MAX_QUEUED)))
    assert waiting.is_full
    waiting.clear()
    assert not waiting.is_full
