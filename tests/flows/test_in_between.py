"""What is said between two messages that belong together, with an understanding that is sure of something else."""

from __future__ import annotations

from nlu.understanding import LocalService, Understanding
from tests.flows.transcripts import Talk
from tests.support.understanding import Keywords


class Sure(Keywords):
    """Takes a day for a wish to help then, and is unsure what a beating is about."""

    def understand(self, text: str, *, local_services: tuple[LocalService, ...] = ()) -> Understanding:
        if "周六" in text:
            return Understanding(text, "volunteer", "join_activity", 0.95)
        if "怪声" in text:
            ranking = (("legal", 0.3), ("complaint", 0.2))
            return Understanding(text, "legal", "ask_law", 0.3, ranking=ranking)
        return super().understand(text, local_services=local_services)


def test_a_day_alone_is_no_wish_for_what_takes_place_on_it() -> None:
    talk = Talk(engine=Sure())
    talk.type("楼道灯坏了三天没人修")
    talk.type("3号楼")
    told = talk.type("周六行吗")
    assert talk.state.flow == "complaint", told
    talk.type("周六有活动吗，我想参加")
    assert talk.state.flow == "volunteer"


def test_what_was_unclear_belongs_to_the_matter_it_turns_out_to_be() -> None:
    talk = Talk(engine=Sure())
    assert any("您是想" in line for line in talk.type("隔壁好像有怪声"))
    talk.type("楼道灯坏了三天没人修")
    assert talk.state.answers["description"]["text"] == "隔壁好像有怪声\n楼道灯坏了三天没人修"
