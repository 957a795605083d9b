//! What the contract says about cards.

use super::{Kept, Suite, Typing, Wanted, answered, expiry, rule, typing, yen};
use crate::provider::{
    CardToken, ChargeOutcome, DeclineCode, HolderHints, ProviderError, RefundOutcome, RefundRequest, SetupId,
    SetupKind, SetupOutcome, SetupRequest, Subject, WebAddress,
};

impl Suite<'_> {
    pub(super) async fn a_card_is_typed_at_the_provider(&self) -> Kept {
        const RULE: &str = "a set-up waits for its card and has one outcome";
        let request = self.setup_wish(SetupKind::Add);
        let begin = || self.surely(|provider| provider.begin_setup(request.clone()));
        let setup = answered(RULE, begin().await)?;
        let again = answered(RULE, begin().await)?;
        rule("a repeated key begins the same set-up", again == setup, &again)?;
        let holder = HolderHints { name: "Someone else".to_owned(), address: None };
        let other = SetupRequest { holder, ..request.clone() };
        let reused = self.surely(|provider| provider.begin_setup(other.clone())).await;
        rule("a key stands for one set-up", reused == Err(ProviderError::KeyReused), &reused)?;
        let frame = setup.frame_address.as_ref().map(WebAddress::origin);
        let said = self.provider.capabilities().frame_origin;
        rule("the frame stands at the origin that is said", frame == said, &frame)?;

        let outcome = || self.surely(|provider| provider.setup_outcome(&setup.id));
        let before = answered(RULE, outcome().await)?;
        rule(RULE, before == SetupOutcome::Pending, &before)?;
        let typed = typing(Wanted::Good)?;
        self.hands.type_card(&setup, typed).await;
        let after = answered(RULE, outcome().await)?;
        let as_typed = matches!(&after, SetupOutcome::Ready(card)
            if card.holder == typed.holder && card.expiry == typed.expiry);
        rule("a card is kept as it was typed", as_typed, &after)?;
        // Whoever sends the form again finds it done.
        self.hands.type_card(&setup, Typing { holder: "Someone else", ..typed }).await;
        let later = answered(RULE, outcome().await)?;
        rule("a set-up has one outcome", later == after, &later)?;

        let nowhere = SetupId(self.hands.fresh_id().to_string());
        let unknown = self.surely(|provider| provider.setup_outcome(&nowhere)).await;
        let not_found = Err(ProviderError::NotFound(Subject::Setup));
        rule("an unknown set-up is not found", unknown == not_found, &unknown)
    }

    pub(super) async fn an_edited_card_stays_the_same_card(&self) -> Kept {
        const RULE: &str = "an edit changes the card and not its token";
        if !self.provider.capabilities().edits_cards {
            return Ok(());
        }
        let card = self.card(Wanted::Good).await?;
        let request = self.setup_wish(SetupKind::Edit { card: card.token.clone() });
        let setup = answered(RULE, self.surely(|provider| provider.begin_setup(request.clone())).await)?;
        let typed = Typing { card: Wanted::Good, expiry: expiry(2040, 11)?, holder: "Hana Sato" };
        self.hands.type_card(&setup, typed).await;
        let outcome = answered(RULE, self.surely(|provider| provider.setup_outcome(&setup.id)).await)?;
        let mut expected = card.clone();
        (expected.expiry, expected.holder) = (typed.expiry, typed.holder.to_owned());
        rule(RULE, outcome == SetupOutcome::Ready(expected), &outcome)?;
        let paid = answered(RULE, self.charge(&self.wish(&card.token, yen(500), false)).await)?;
        rule("an edited card pays", matches!(paid, ChargeOutcome::Succeeded { .. }), &paid)
    }

    pub(super) async fn a_forgotten_card_never_pays(&self) -> Kept {
        const RULE: &str = "a card can be forgotten, also twice";
        let card = self.card(Wanted::Good).await?;
        let paid = answered(RULE, self.charge(&self.wish(&card.token, yen(500), false)).await)?;
        for _ in 0..2 {
            answered(RULE, self.surely(|provider| provider.forget_card(&card.token)).await)?;
        }
        let after = answered(RULE, self.charge(&self.wish(&card.token, yen(500), true)).await)?;
        let declined = ChargeOutcome::Declined { code: DeclineCode::CardForgotten };
        rule("a forgotten card never pays", after == declined, &after)?;
        let edit = self.setup_wish(SetupKind::Edit { card: card.token });
        let edited = self.surely(|provider| provider.begin_setup(edit.clone())).await;
        let not_found = Err(ProviderError::NotFound(Subject::Card));
        let may = self.provider.capabilities().edits_cards;
        rule("a forgotten card is not edited", !may || edited == not_found, &edited)?;

        let ChargeOutcome::Succeeded { reference } = paid else {
            return rule("a good card pays", false, &paid);
        };
        let request = RefundRequest { key: self.hands.fresh_id(), charge: reference, amount: yen(500) };
        let back = self.surely(|provider| provider.refund(request.clone())).await;
        let given = matches!(back, Ok(RefundOutcome::Succeeded { .. }));
        rule("what a forgotten card paid can be given back", given, &back)?;

        let unknown = CardToken::new(self.hands.fresh_id().to_string());
        let forgotten = self.surely(|provider| provider.forget_card(&unknown)).await;
        let not_found = Err(ProviderError::NotFound(Subject::Card));
        rule("an unknown card is not found", forgotten == not_found, &forgotten)
    }
}
