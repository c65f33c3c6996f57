//! Numbers that look random and are the same for the same seed, on every machine (SplitMix64).

/// A deterministic source of numbers.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// Starts from a seed; every seed is good.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Any 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is not zero.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.bits() % limit as u64) as usize
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of the choices, of which there is at least one.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A log-normal value, as mail sizes are, with this median and mean.
    pub fn log_normal(&mut self, median: f64, mean: f64) -> f64 {
        let sigma = (2.0 * (mean / median).ln()).sqrt();
        median * (sigma * self.normal()).exp()
    }

    /// Box and Muller's standard normal value.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.unit().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// In (0, 1].
    fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) + 1) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn repeats_itself_and_has_the_shape_asked_for() {
        assert_eq!(Random::new(7).bits(), Random::new(7).bits());
        assert_ne!(Random::new(7).bits(), Random::new(8).bits());
        let mut random = Random::new(1);
        let mut sizes: Vec<f64> = (0..20_000)
            .map(|_| random.log_normal(6000.0, 10_000.0))
            .collect();
        sizes.sort_by(f64::total_cmp);
        let mean = sizes.iter().sum::<f64>() / 20_000.0;
        assert!(
            (5700.0..6300.0).contains(&sizes[10_000]),
            "median {}",
            sizes[10_000]
        );
        assert!((9300.0..10_700.0).contains(&mean), "mean {mean}");
    }
}
