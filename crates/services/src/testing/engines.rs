//! Tests that both engines have to pass.

/// Runs tests, each an `async fn` that takes a world with the examples, on both engines. The embedded one is always
/// there.
#[macro_export]
macro_rules! on_both_engines {
    ($($name:ident)+) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread")]
            async fn embedded() {
                let world = $crate::testing::World::embedded().await.expect("a world");
                super::$name(world.with_examples().await.expect("the examples")).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                let Some(world) = $crate::testing::World::remote().await.expect("a world") else { return };
                super::$name(world.with_examples().await.expect("the examples")).await;
            }
        }
    )+};
}
