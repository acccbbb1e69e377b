"""A showcase of any size, written straight into the tables."""

from __future__ import annotations

import random
import sqlite3
import subprocess
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

FIRST = "Ana Luis Eva Leo Cami Beto Dani Iván Sofía Mateo Íñigo Lucía Juan Paula Óscar Vera".split()
LAST = "Ruiz Gómez Peña Núñez Díaz Vargas Ortiz Ibáñez Solís Méndez".split()
PLAYS = "triple mate tapón pase robo rebote bandeja contraataque finta asistencia gancho vuelo".split()
HOW = "desde el logo|de espaldas|en la final|sobre la bocina|con la izquierda|tras un giro|a dos manos|sin mirar".split("|")
COUNTRIES = "Argentina Bolivia Chile Colombia Ecuador España México Panamá Perú Uruguay".split()
BEGIN = datetime(2026, 3, 1, tzinfo=timezone.utc)


@dataclass
class Showcase:
    """Rows, table by table; the same for the same figures."""

    videos: int
    players: int
    cities: int
    rows: dict[str, list[dict]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chance = random.Random(22)
        self.rows["players"] = [self.player(number, chance) for number in range(self.players)]
        self.rows["votes"] = []
        self.rows["videos"] = [self.video(number, chance) for number in range(self.videos)]

    def player(self, number: int, chance: random.Random) -> dict:
        first, last = chance.choice(FIRST), f"{chance.choice(LAST)} {chance.choice(LAST)}"
        # As in life, a few cities have most of the players.
        city = min(int(chance.expovariate(4 / self.cities)), self.cities - 1)
        place = {"city": f"Ciudad {city + 1}", "country": COUNTRIES[city % len(COUNTRIES)]}
        email = f"player-{number}@example.com"
        return {
            "id": sortable(number, chance), "first_name": first, "last_name": last, "email": email, "email_key": email,
            "password_hash": "$argon2id$not-a-real-hash", **place, "city_key": place["city"].lower(),
            "country_key": place["country"].lower(), "name_key": f"{first} {last}".lower(), "role": "player",
            "created_at": BEGIN,
        }

    def video(self, number: int, chance: random.Random) -> dict:
        made = BEGIN + timedelta(minutes=number)
        identity, owner = sortable(number, chance), chance.choice(self.rows["players"])["id"]
        voters = chance.sample(self.rows["players"], min(int(chance.expovariate(1 / 5)), 60, self.players))
        votes = [{"video_id": identity, "player_id": voter["id"], "created_at": made} for voter in voters]
        votes = [vote for vote in votes if vote["player_id"] != owner]
        self.rows["votes"] += votes
        title = f"{chance.choice(PLAYS).capitalize()} {chance.choice(HOW)}"
        return {
            "id": identity, "owner_id": owner, "title": title, "title_key": title.lower(), "status": "completed",
            "attempt": 1, "tries": 1, "size_bytes": 7_000_000, "sha256": "ab" * 32, "content_type": "video/mp4",
            "duration_s": 34.5, "votes": len(votes), "created_at": made, "uploaded_at": made, "processed_at": made,
        }


def sortable(number: int, chance: random.Random) -> UUID:
    """Of version 7: later ones are greater."""
    moment = int((BEGIN + timedelta(minutes=number)).timestamp() * 1000)
    return UUID(int=moment << 80 | 7 << 76 | chance.getrandbits(12) << 64 | 2 << 62 | chance.getrandbits(62))


def into_sqlite(showcase: Showcase, path: Path) -> None:
    """Ids and moments as the driver of the store writes them."""
    def as_kept(value):
        return value.bytes if isinstance(value, UUID) else value.isoformat() if isinstance(value, datetime) else value

    with sqlite3.connect(path) as database:
        for table in ("players", "videos", "votes"):
            rows = showcase.rows[table]
            holes = ", ".join("?" * len(rows[0]))
            database.executemany(
                f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES ({holes})",
                ([as_kept(value) for value in row.values()] for row in rows),
            )
    database.close()


def into_postgres(showcase: Showcase, socket: Path) -> None:
    pieces = []
    for table in ("players", "videos", "votes"):
        rows = showcase.rows[table]
        lines = ("\t".join(str(value) for value in row.values()) for row in rows)
        pieces.append(f"COPY {table} ({', '.join(rows[0])}) FROM stdin;\n" + "\n".join(lines) + "\n\\.\n")
    subprocess.run(
        ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", socket, "-U", "postgres", "postgres"],
        input="".join([*pieces, "ANALYZE;\n"]), text=True, check=True, stdout=subprocess.DEVNULL,
    )
