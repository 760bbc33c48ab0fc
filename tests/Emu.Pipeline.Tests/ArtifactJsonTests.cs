using System.Text;
using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Tests;

public sealed class ArtifactJsonTests
{
    [Fact]
    public void Read_Written_ReturnsTheSame()
    {
        var record = new Sample("a", null, 3) { List = ["x"] };

        var read = ArtifactJson.Read<Sample>("a.json", ArtifactJson.Write(record));

        Assert.Equal((record.Name, record.Optional, record.Number, record.Defaulted), (read.Name, read.Optional, read.Number, read.Defaulted));
        Assert.Equal(record.List, read.List);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("""{"name":null,"number":1,"list":[]}""")]
    [InlineData("""{"name":"a","list":[]}""")]
    [InlineData("""{"name":"a","number":1,"list":null}""")]
    [InlineData("""{"name":"a","number":"1","list":[]}""")]
    [InlineData("""{"name":"a","number":-1,"list":[]}""")]
    public void Read_Damaged_NamesTheArtifact(string json)
    {
        var damaged = Assert.Throws<ArtifactStoreException>(() => ArtifactJson.Read<Sample>("jobs/x/a.json", Encoding.UTF8.GetBytes(json)));

        Assert.False(damaged.Retryable);
        Assert.StartsWith("'jobs/x/a.json' is damaged: ", damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_InvalidUtf8_IsDamaged() =>
        Assert.Throws<ArtifactStoreException>(() => ArtifactJson.Read<Sample>("a.json", new byte[] { (byte)'{', (byte)'"', 0xff, 0xfe }));

    public sealed record Sample(string Name, int? Optional, int Number, bool Defaulted = true)
    {
        public required IReadOnlyList<string> List { get; init; }

        public int Number { get; } = Number >= 0 ? Number : throw new ArgumentOutOfRangeException(nameof(Number));
    }
}
