using Emu.Durable.Replay;

namespace Emu.Durable.Tests.Replay;

public sealed class DeterministicGuidTests
{
    // Python: uuid.uuid5(uuid.UUID("9e952958-5e33-4daf-827f-2fa12937b875"), "python.org")
    [Fact]
    public void Create_KnownName_MatchesAnIndependentImplementation() =>
        Assert.Equal(new Guid("aae8a24d-7bb3-5391-b7e0-c5da0ff8a3dc"), DeterministicGuid.Create("python.org"));
}
